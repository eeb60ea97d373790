import ArgumentParser
import Subprocess

/// A virtual machine of Erlang that measures when it is asked to.
///
/// It is idle between its rounds, and ends when its input does: also when this process is killed.
actor ErlangPeer {
    private let input: StandardInputWriter
    private var lines: [String] = []
    private var reader: CheckedContinuation<String?, Never>?
    private var hasEnded = false

    private init(_ input: StandardInputWriter) { self.input = input }

    /// Starts a virtual machine, waits until it is ready, runs a body, and waits until the virtual machine has ended.
    static func with(
        _ arguments: [String], in folder: ErlangFolder, _ body: (ErlangPeer) async throws -> Void
    ) async throws {
        _ = try await Subprocess.run(
            .name("erl"), arguments: Arguments(["-noshell", "-pa", folder.path] + arguments),
            environment: .inherit.updating(["HOME": folder.path, "ERL_CRASH_DUMP_SECONDS": "0"]),
            input: .inputWriter, output: .sequence, error: .currentStandardError
        ) { process in
            let peer = ErlangPeer(process.standardInputWriter)
            let output = process.standardOutput
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for try await line in output.strings() { await peer.hear(line) }
                    await peer.end()
                }
                do {
                    guard try await peer.next() == "ready" else {
                        throw ValidationError("Erlang's virtual machine did not start.")
                    }
                    try await body(peer)
                    try await process.standardInputWriter.finish()
                } catch {
                    try? await process.standardInputWriter.finish()
                    throw error
                }
                try await group.waitForAll()
            }
        }
    }

    /// Nanoseconds per call of so many processes that call so often together.
    func nanoseconds(callers: Int, calls: Int) async throws -> Double {
        _ = try await input.write("\(callers) \(calls)\n")
        let answer = try await next()
        guard let nanoseconds = Double(answer) else { throw ValidationError("Erlang said: \(answer)") }
        return nanoseconds
    }

    private func next() async throws -> String {
        if !lines.isEmpty { return lines.removeFirst() }
        let line = hasEnded ? nil : await withCheckedContinuation { reader = $0 }
        guard let line else { throw ValidationError("Erlang's virtual machine ended.") }
        return line
    }

    private func hear(_ line: String) {
        let text = String(line.filter { !$0.isNewline })
        if let reader {
            self.reader = nil
            reader.resume(returning: text)
        } else {
            lines.append(text)
        }
    }

    private func end() {
        hasEnded = true
        reader?.resume(returning: nil)
        reader = nil
    }
}
