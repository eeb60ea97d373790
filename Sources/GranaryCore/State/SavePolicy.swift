/// When a state is saved.
public struct SavePolicy: Hashable, Sendable {
    @usableFromInline
    enum Kind: Hashable, Sendable {
        case explicit
        case afterEachTurn
        case every(ticks: UInt32)
    }

    @usableFromInline let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// When the grain says `save()`, and only then: the default.
    public static let explicit = SavePolicy(.explicit)

    /// Before the caller of a turn that changed it gets its answer.
    public static let afterEachTurn = SavePolicy(.afterEachTurn)

    /// At most a duration after the first change that is not saved yet: calls are answered before their changes are
    /// saved, and a killed process loses the changes of that duration at most.
    ///
    /// - Parameter window: The longest time that a change may stay unsaved, in steps of 10 ms.
    /// - Returns: The policy.
    public static func every(_ window: Duration) -> SavePolicy { SavePolicy(.every(ticks: max(window.ticks, 1))) }
}
