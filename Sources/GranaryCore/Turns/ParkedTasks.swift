/// Tasks that have nothing to do at the moment, and wait to be needed again: part of the state of a line of work.
///
/// A task for each burst of work would cost more than its work: whoever frees a task is seldom the thread that made it, and
/// then both meet at the allocator's locks.
package struct ParkedTasks: Sendable {
    package typealias Waiter = UnsafeContinuation<Bool, Never>

    private let most: Int
    private var waiters: [Waiter] = []
    private var isClosed = false

    /// - Parameter most: How many tasks wait at most; further ones end.
    package init(most: Int) { self.most = most }

    /// Lets a task wait, unless enough do, or the line is closed.
    package mutating func park(_ waiter: Waiter) -> Bool {
        guard !isClosed, waiters.count < most else { return false }
        waiters.append(waiter)
        return true
    }

    /// The task that has waited for the shortest time; ``SiloTasks/wake(_:)`` has to follow.
    package mutating func takeLast() -> Waiter? { waiters.popLast() }

    /// Lets none wait any more.
    ///
    /// - Returns: Those that waited, for ``SiloTasks/dismiss(_:)``.
    package mutating func close() -> [Waiter] {
        isClosed = true
        defer { waiters = [] }
        return waiters
    }
}
