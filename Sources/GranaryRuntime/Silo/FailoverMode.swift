/// What a cluster prefers while the end of a silo is not proven; all silos of a cluster have the same.
public struct FailoverMode: Hashable, Sendable, CustomStringConvertible {
    /// The stable name, as settings have it.
    public let description: String

    private init(_ name: String) { description = name }

    /// The next owner serves as soon as the death is recorded.
    ///
    /// A silo that was only frozen may begin a stale read for less than a lease after that; none of its writes commits.
    public static let fast = FailoverMode("fast")

    /// The next owner serves only when the lease of the dead silo is over, or its end is proven.
    ///
    /// Nothing that a frozen silo does is seen by anybody then. A crash costs a lease, and every local call two looks at the
    /// clock. A silo that lives and reads of its death says itself that it serves no more, and costs none.
    public static let strict = FailoverMode("strict")

    /// Reads a mode by its stable name.
    ///
    /// - Parameter name: `fast` or `strict`; anything else is `nil`.
    public init?(named name: String) {
        switch name {
        case "fast": self = .fast
        case "strict": self = .strict
        default: return nil
        }
    }
}
