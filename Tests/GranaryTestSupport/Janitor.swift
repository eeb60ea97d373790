import Foundation

/// A small process that cleans up after a test process, however that ends: it waits for the end of a pipe which only the
/// test process holds open.
final class Janitor: Sendable {
    private let lifeline: FileHandle

    /// Starts a janitor.
    ///
    /// - Parameter folder: A server's folder: the server is stopped and the folder removed.
    convenience init(folder: String) throws {
        let stop = PostgresPrograms.asOwner([
            "\(PostgresPrograms.folder)/pg_ctl", "-D", "\(folder)/data", "-m", "immediate", "-w", "-s", "stop",
        ]).joined(separator: " ")
        // A server that a test froze must be woken to be stopped.
        let wake =
            "pid=$(head -n 1 \(folder)/data/postmaster.pid 2>/dev/null) && kill -CONT $pid && "
            + "for child in $(cat /proc/$pid/task/$pid/children); do kill -CONT $child; done"
        try self.init(script: "{ \(wake); \(stop); } >/dev/null 2>&1; rm -rf \(folder)")
    }

    /// Starts a janitor.
    ///
    /// - Parameter script: What it does when the test process is gone.
    init(script: String) throws {
        let pipe = Pipe()
        lifeline = pipe.fileHandleForWriting
        // Other children must not keep the pipe open.
        _ = fcntl(lifeline.fileDescriptor, F_SETFD, FD_CLOEXEC)
        _ = try ChildProcess(
            ["setsid", "sh", "-c", "cat >/dev/null; \(script)"], input: pipe.fileHandleForReading.fileDescriptor)
        try pipe.fileHandleForReading.close()
    }

    deinit { try? lifeline.close() }
}
