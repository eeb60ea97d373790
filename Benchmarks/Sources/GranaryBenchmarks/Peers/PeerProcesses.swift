import Subprocess
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The processes of this program's own that a benchmark has started; none of them is left when it ends.
final class PeerProcesses: Sendable {
    private let runs = Mutex<[(peer: PeerProcess, task: Task<Void, Never>)]>([])

    private init() {}

    /// Runs a benchmark that starts processes, and ends those that are still there.
    static func with(_ body: (PeerProcesses) async throws -> Void) async throws {
        let peers = PeerProcesses()
        let result: Result<Void, any Error>
        do {
            try await body(peers)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        // A task that is cancelled kills its process, also one that has only just begun.
        for run in peers.runs.withLock(\.self) {
            run.task.cancel()
            await run.task.value
        }
        try result.get()
    }

    /// Starts a silo; see `PeerProcess.ready()`.
    func start(_ name: String, _ options: [String] = []) -> PeerProcess {
        let peer = PeerProcess(name)
        let arguments = [CommandLine.arguments[0], "silo-peer", "--name", name] + options
        // Awaited by `with(_:)`, which cancels it.
        let task = Task {
            var end: String
            do {
                let outcome = try await Subprocess.run(
                    .name("env"), arguments: Arguments(arguments), input: .none, output: .sequence,
                    error: .currentStandardError
                ) { process in
                    peer.started(process.processIdentifier.value)
                    for try await line in process.standardOutput.strings() { peer.printed(line) }
                }
                end = "\(outcome.terminationStatus)"
            } catch {
                end = "\(error)"
            }
            peer.ended(end)
        }
        runs.withLock { $0.append((peer, task)) }
        return peer
    }
}
