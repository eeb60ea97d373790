import Foundation

/// Keeps every thread of Swift's pool busy while something happens elsewhere.
enum BusyPool {
    /// Runs an operation on a thread of its own while the pool is busy.
    static func hold(while operation: @escaping @Sendable () -> Void) {
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
            operation()
            for _ in 0..<width { left.signal() }
        }
    }

    private static func wait(for semaphore: DispatchSemaphore) { semaphore.wait() }
}
