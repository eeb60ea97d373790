import Foundation
import GranaryTestGrains
import GranaryTestSupport
import Synchronization

/// A silo in a process of its own.
final class SiloProcess: Sendable {
    let name: String
    /// The process's identifier.
    let identifier: Int32
    private let folder: TemporaryFolder
    private let process: ChildProcess
    private let status = Mutex<Int32?>(nil)

    /// Where the program is: what `GRANARY_TEST_SILO` names, or what the tests' own build made.
    private static let program =
        ProcessInfo.processInfo.environment["GRANARY_TEST_SILO"]
        ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appendingPathComponent("granary-test-silo").path

    /// Starts a silo and waits until it serves.
    ///
    /// - Parameter options: Its settings beside its name; with `--load-rate` among them it makes calls of its own.
    static func start(_ name: String, _ options: [String]) async throws -> SiloProcess {
        let silo = try SiloProcess(name, options)
        while !silo.output.contains("serves\n") {
            if let status = silo.status.withLock(\.self) {
                throw Command.Failure(description: "\(name) ended with status \(status): \(silo.output)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        return silo
    }

    private init(_ name: String, _ options: [String]) throws {
        self.name = name
        folder = try TemporaryFolder("silo")
        let log = options.contains("--load-rate") ? ["--load-log", folder.file("calls")] : []
        process = try ChildProcess(
            [Self.program, "--granary-cluster", "test", "--granary-name", name] + options + log,
            output: folder.file("output"))
        identifier = process.identifier
        Thread.detachNewThread { [self] in
            let ended = process.wait()
            status.withLock { $0 = ended }
        }
    }

    /// What it has printed.
    var output: String {
        String(decoding: FileManager.default.contents(atPath: folder.file("output")) ?? Data(), as: UTF8.self)
    }

    /// How many activations it last said that it had.
    var activations: Int {
        let output = output
        guard let last = output.ranges(of: "activations ").last else { return 0 }
        return Int(output[last.upperBound...].prefix { $0.isNumber }) ?? 0
    }

    /// How many calls it has made.
    var callCount: Int { CallLog.count(path: folder.file("calls")) }

    /// The calls that it has made.
    var calls: [CallRecord] {
        CallLog.read([UInt8](FileManager.default.contents(atPath: folder.file("calls")) ?? Data()))
    }

    /// Whether its process is there.
    var isRunning: Bool { status.withLock { $0 == nil } }

    /// Sends it a signal.
    func signal(_ signal: Int32) {
        // Under the lock, so that the identifier cannot belong to another process by now.
        status.withLock { if $0 == nil { process.signal(signal) } }
    }

    /// Waits until it is gone.
    ///
    /// - Returns: Its exit status, or 128 and the signal's number.
    @discardableResult
    func wait() async -> Int32 {
        while true {
            if let ended = status.withLock(\.self) { return ended }
            try? await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Tells it to stop, and waits until it has.
    ///
    /// - Returns: Its exit status.
    func stop() async -> Int32 {
        signal(SIGTERM)
        return await wait()
    }

    /// Ends it at once, frozen or not.
    func kill() {
        signal(SIGCONT)
        signal(SIGKILL)
    }

    /// Ends it and removes its files.
    func remove() async {
        kill()
        await wait()
        folder.remove()
    }
}
