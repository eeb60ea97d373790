import Foundation

/// Keeps every thread of Swift's pool busy while something happens elsewhere.
enum BusyPool {
    /// Begins something on a thread of its own while the pool is busy, and keeps the pool so until a condition holds.
    ///
    /// - Parameters:
    ///   - begin: What happens meanwhile.
    ///   - condition: Looked at over and over, for 20 s at most: no time limit of a test ends what holds the pool.
    static func hold(_ begin: @escaping @Sendable () -> Void, until condition: @escaping @Sendable () -> Bool) {
        let width = ProcessInfo.processInfo.activeProcessorCount
        let entered = DispatchSemaphore(value: 0)
        let left = DispatchSemaphore(value: 0)
        for _ in 0..<width {
            Task.detached {
                entered.signal()
                wait(for: left)
            }
        }
        Thread.detachNewThread {
            // A pool with fewer threads is as busy as it can be by then.
            for _ in 0..<width { _ = entered.wait(timeout: .now() + .seconds(5)) }
            begin()
            let end = Date(timeIntervalSinceNow: 20)
            while !condition(), Date() < end { sched_yield() }
            for _ in 0..<width { left.signal() }
        }
    }

    private static func wait(for semaphore: DispatchSemaphore) { semaphore.wait() }
}
