internal import Synchronization

/// One task of a ``QuickLine``.
final class QuickRunner: Sendable {
    private let task = Mutex<Task<Void, Never>?>(nil)

    /// Files the task, once it is there.
    func runs(in task: Task<Void, Never>) { self.task.withLock { $0 = task } }

    /// Cancels what the task runs: the caller of a call that it carries does not wait any more.
    func cancel() { task.withLock { $0?.cancel() } }
}
