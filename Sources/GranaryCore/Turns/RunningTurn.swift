/// Who runs a turn: enough to tell a deadlock and to name a turn that is stuck.
@usableFromInline
package struct RunningTurn: Sendable {
    /// The task that the turn runs in.
    @usableFromInline var task: TaskIdentity
    /// The address of the actor that called, or zero.
    ///
    /// Followed only from within the same chain of calls, where the caller waits for this very turn and so cannot go
    /// away.
    @usableFromInline var caller: UInt
    /// The address of the method's NUL-terminated name, which is a literal, or zero.
    @usableFromInline var method: UInt
    /// When the turn began, in ticks of the coarse clock.
    @usableFromInline var began: UInt32

    @inlinable
    init(task: TaskIdentity, caller: UInt, method: UInt, began: UInt32) {
        self.task = task
        self.caller = caller
        self.method = method
        self.began = began
    }

    @inlinable static var none: RunningTurn { RunningTurn(task: .none, caller: 0, method: 0, began: 0) }

    /// The method's name.
    package var methodName: String {
        // The address is that of a StaticString, whose bytes live as long as the process and end with a NUL.
        guard let bytes = UnsafePointer<CChar>(bitPattern: method) else { return "?" }
        return String(cString: bytes)
    }
}
