internal import Foundation
internal import Synchronization

/// A running shop: a process that can be stopped gently, or killed.
public final class ShopProcess: Sendable {
    /// Its process identifier.
    public let identifier: Int32
    private let life = Life()
    private let address = Mutex(0)
    private let lines: AsyncStream<String>

    /// What the thread that follows the process knows of it; apart, so that this thread keeps no shop alive.
    private final class Life: Sendable {
        let printed = Mutex("")
        let status = Mutex<Int32?>(nil)
    }

    /// The port that it listens on.
    public var port: Int { address.withLock { $0 } }

    /// Requests to it.
    public var client: ShopClient { ShopClient(HTTPClient(port: port)) }

    /// What it has printed so far.
    public var output: String { life.printed.withLock { $0 } }

    /// Starts a shop and waits until it is open.
    ///
    /// - Parameters:
    ///   - program: The path of the program `shop`.
    ///   - arguments: Its arguments; it listens on a free port unless they say otherwise.
    ///   - environment: Variables that are added to the environment.
    ///   - patience: How long opening may take.
    /// - Returns: The shop.
    /// - Throws: ``HTTPFailure`` with what it printed when it did not open.
    public static func open(
        _ program: String, _ arguments: [String], environment: [String: String] = [:],
        patience: Duration = .seconds(60)
    ) async throws -> ShopProcess {
        let port = arguments.contains("--port") ? [] : ["--port", "0"]
        let shop = try ShopProcess([program] + arguments + port, environment)
        let clock = Task {
            try await Task.sleep(for: patience)
            shop.kill()
        }
        defer { clock.cancel() }
        for await line in shop.lines {
            guard let start = line.range(of: "The shop is open: http://"),
                let port = line[start.upperBound...].split(separator: ":").last.flatMap({ Int($0.prefix { $0 != "/" }) }
                )
            else { continue }
            shop.address.withLock { $0 = port }
            return shop
        }
        let status = await shop.wait()
        throw HTTPFailure(description: "the shop did not open (status \(status)): \(shop.output)")
    }

    private init(_ words: [String], _ environment: [String: String]) throws {
        let pipe = Pipe()
        let reading = pipe.fileHandleForReading
        // Later children must not hold it open.
        _ = fcntl(reading.fileDescriptor, F_SETFD, FD_CLOEXEC)
        identifier = try Self.spawn(words, environment, input: nil, output: pipe.fileHandleForWriting.fileDescriptor)
        try pipe.fileHandleForWriting.close()
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        lines = stream
        // When this process dies, a small one that waits for the end of a pipe takes the shop along.
        let lifeline = Pipe()
        _ = fcntl(lifeline.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        let janitor = try Self.spawn(
            ["/bin/sh", "-c", "cat >/dev/null; kill -9 \(identifier)"], [:],
            input: lifeline.fileHandleForReading.fileDescriptor, output: nil)
        // Blocking reads belong on a thread of their own, which ends with the process.
        Thread.detachNewThread { [life, identifier] in
            var rest = ""
            while true {
                let data = reading.availableData
                if data.isEmpty { break }
                let text = String(decoding: data, as: UTF8.self)
                life.printed.withLock { $0 += text }
                rest += text
                while let end = rest.firstIndex(of: "\n") {
                    continuation.yield(String(rest[..<end]))
                    rest.removeSubrange(...end)
                }
            }
            let status = Self.wait(for: identifier)
            life.status.withLock { $0 = status }
            continuation.finish()
            _ = Foundation.kill(janitor, SIGKILL)
            _ = Self.wait(for: janitor)
            try? lifeline.fileHandleForWriting.close()
        }
    }

    deinit { kill() }

    /// Kills it, as a crash would: nothing of it runs any more when this returns and ``wait()`` does.
    public func kill() { send(SIGKILL) }

    /// Asks it to stop.
    public func terminate() { send(SIGTERM) }

    /// Waits until it is gone.
    ///
    /// - Returns: Its exit status, or 128 and the signal's number.
    @discardableResult
    public func wait() async -> Int32 {
        while true {
            if let status = life.status.withLock({ $0 }) { return status }
            try? await Task.sleep(for: .milliseconds(2))
        }
    }

    private func send(_ signal: Int32) {
        // Under the lock, so that the identifier cannot belong to another process by now.
        life.status.withLock { if $0 == nil { _ = Foundation.kill(identifier, signal) } }
    }

    private static func wait(for process: Int32) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }

    private static func spawn(
        _ words: [String], _ environment: [String: String], input: Int32?, output: Int32?
    ) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        if let output {
            posix_spawn_file_actions_adddup2(&actions, output, 1)
            posix_spawn_file_actions_adddup2(&actions, output, 2)
            posix_spawn_file_actions_addclose(&actions, output)
        }
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        var arguments = words.map { strdup($0) } + [nil]
        var settings = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + settings { free(text) } }
        // The threads of Swift's pool block signals, which the new process must not inherit.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var process = pid_t()
        let status = posix_spawn(&process, words[0], &actions, &attributes, &arguments, &settings)
        guard status == 0 else { throw HTTPFailure(description: "\(words[0]) cannot be started: error \(status)") }
        return process
    }
}
