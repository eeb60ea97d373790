/// How many activations a grain type that keeps nothing may have for each key, in each silo.
///
/// The calls to one key of such a type run beside each other: each one on an idle activation, else on a new one, and once
/// there are as many as there may be, on the one with the fewest calls. Idle ones leave after the type's idle age.
///
/// ```swift
/// @Grain actor Thumbnails {
///     static let options = GrainOptions(statelessWorkers: .perProcessor)
///
///     func shrink(_ image: [UInt8]) -> [UInt8] { Array(image.prefix(64)) }
/// }
/// ```
///
/// Such a type has no `@Stored` properties, and what its plain ones hold is that of one activation among many: a cache, a
/// connection, a buffer.
public struct StatelessWorkers: Hashable, Sendable {
    /// The largest number for each key; `nil` for the number of processors.
    package let limit: Int?

    private init(limit: Int?) { self.limit = limit }

    /// As many as the process has processors: for work that computes.
    public static let perProcessor = StatelessWorkers(limit: nil)

    /// As many as a number: for work that waits for something.
    ///
    /// - Parameter limit: The number, at least 1; a silo with less does not start.
    /// - Returns: The limit.
    public static func upTo(_ limit: Int) -> StatelessWorkers { StatelessWorkers(limit: limit) }
}
