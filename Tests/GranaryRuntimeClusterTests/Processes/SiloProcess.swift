import Foundation
import GranaryTestSupport
import Synchronization

/// A silo in a process of its own.
final class SiloProcess: Sendable {
    /// The process's identifier.
    let identifier: Int32
    private let folder: TemporaryFolder
    private let process: ChildProcess
    private let status = Mutex<Int32?>(nil)

    /// Where the program is that the tests' build made.
    private static let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appendingPathComponent("granary-test-silo").path

    /// Starts a silo and waits until it serves.
    static func start(_ name: String, database: TestDatabase, _ options: [String] = []) async throws -> SiloProcess {
        let silo = try SiloProcess(name, database, options)
        while !silo.output.contains("serves\n") {
            if let status = silo.status.withLock(\.self) {
                throw Command.Failure(description: "\(name) ended with status \(status): \(silo.output)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        return silo
    }

    private init(_ name: String, _ database: TestDatabase, _ options: [String]) throws {
        folder = try TemporaryFolder("silo")
        process = try ChildProcess(
            [
                Self.program, "--granary-cluster", "test", "--granary-name", name, "--granary-listen", "127.0.0.1:0",
                "--granary-postgres-url", database.conninfo,
            ] + options, output: folder.file("output"))
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

    /// Ends it and removes its files.
    func remove() async {
        signal(SIGCONT)
        signal(SIGKILL)
        await wait()
        folder.remove()
    }
}
