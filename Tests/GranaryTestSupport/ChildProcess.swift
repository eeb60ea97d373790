import Foundation

/// A program that was started by a test.
///
/// Foundation's `Process` learns of an end by a socket which daemons inherit, so that it waits for the daemon; this one
/// asks the system.
public struct ChildProcess: Sendable {
    /// Its process identifier.
    public let identifier: Int32

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - words: The program, looked up in `PATH`, and its arguments.
    ///   - environment: Variables that are added to the environment.
    ///   - input: The descriptor that becomes its standard input; `nil` for an empty one.
    ///   - output: The file that gets what it prints; `nil` for nowhere.
    public init(
        _ words: [String], environment: [String: String] = [:], input: Int32? = nil, output: String? = nil
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, 1, output ?? "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        var arguments = words.map { strdup($0) } + [nil]
        var settings = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            for text in arguments + settings { free(text) }
        }
        // The threads of Swift's pool block signals, and a program may ignore some: neither is for the new one to inherit.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var process = pid_t()
        let status = posix_spawnp(&process, words[0], &actions, &attributes, &arguments, &settings)
        guard status == 0 else { throw Command.Failure(description: "\(words[0]) cannot be started: error \(status)") }
        identifier = process
    }

    /// Waits for its end, blocking the thread.
    ///
    /// - Returns: The exit status, or 128 and the signal's number.
    @discardableResult
    public func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) == -1 && errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }

    /// Sends it a signal.
    public func signal(_ signal: Int32) { _ = kill(identifier, signal) }
}
