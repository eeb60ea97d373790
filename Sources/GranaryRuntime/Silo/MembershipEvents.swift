/// The silos that come and go in a cluster, as one of them learns of it.
///
/// ```swift
/// for await event in silo.membershipEvents where event.status == .dead {
///     alert("\(event.name) is gone")
/// }
/// ```
///
/// Each reading begins with the silos that are there, and goes on with every change, in order, until the silo stops. A
/// silo that learns of several changes at once tells only the last one of each member.
public struct MembershipEvents: AsyncSequence, Sendable {
    private let source: MembershipNews

    init(_ source: MembershipNews) { self.source = source }

    /// Begins to read.
    ///
    /// - Returns: The reader.
    public func makeAsyncIterator() -> Iterator { Iterator(source.subscribe().makeAsyncIterator()) }

    /// Reads ``MembershipEvents``.
    public struct Iterator: AsyncIteratorProtocol {
        private var events: AsyncStream<MembershipEvent>.Iterator

        init(_ events: AsyncStream<MembershipEvent>.Iterator) { self.events = events }

        /// The next event.
        ///
        /// - Returns: The event; `nil` once the silo has stopped, or the task that reads was cancelled.
        public mutating func next() async -> MembershipEvent? { await events.next(isolation: #isolation) }

        /// The next event.
        ///
        /// - Parameter actor: Where the reader runs.
        /// - Returns: The event; `nil` once the silo has stopped, or the task that reads was cancelled.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> MembershipEvent? {
            await events.next(isolation: actor)
        }
    }
}
