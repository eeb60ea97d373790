public import CGranaryTask

/// Tells one running task from another; two identities are equal only while both tasks run and are the same.
///
/// All turns of a chain of local calls run in one task, so a call that waits for a turn of its own task is a deadlock.
public struct TaskIdentity: Hashable, Sendable {
    @usableFromInline let bits: UInt

    @inlinable
    init(bits: UInt) { self.bits = bits }

    /// No task at all.
    @inlinable public static var none: TaskIdentity { TaskIdentity(bits: 0) }

    /// The task that runs this code; ``none`` outside of any task.
    @inlinable public static var current: TaskIdentity {
        TaskIdentity(bits: UInt(bitPattern: granary_current_task()))
    }

    /// Whether the task that runs this code has been cancelled.
    @inlinable public static var currentIsCancelled: Bool { granary_current_task_is_cancelled() }
}
