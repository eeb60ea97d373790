/// When a state is saved.
public struct SavePolicy: Hashable, Sendable {
    /// The longest time that a change may stay unsaved, in ticks, or one of two marks: every state of every activation has
    /// a policy, so it is one word.
    @usableFromInline let ticks: UInt32

    private static let never: UInt32 = .max
    private static let atOnce: UInt32 = 0

    private init(ticks: UInt32) { self.ticks = ticks }

    /// When the grain says `save()`, and only then: the default.
    public static let explicit = SavePolicy(ticks: never)

    /// Before the caller of a turn that changed it gets its answer.
    public static let afterEachTurn = SavePolicy(ticks: atOnce)

    /// At most a duration after the first change that is not saved yet: calls are answered before their changes are
    /// saved, and a killed process loses the changes of that duration at most.
    ///
    /// - Parameter window: The longest time that a change may stay unsaved, in steps of 10 ms.
    /// - Returns: The policy.
    public static func every(_ window: Duration) -> SavePolicy { SavePolicy(ticks: max(window.ticks, 1)) }

    /// The length of the write-behind window in ticks; `nil` for the other policies.
    var window: UInt32? { ticks == Self.never || ticks == Self.atOnce ? nil : ticks }
}
