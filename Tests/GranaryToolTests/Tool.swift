import Foundation
import Subprocess

/// The tool as users run it: the built program, in a process of its own.
struct Tool {
    /// What a run left behind.
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String

        /// The output's lines.
        var lines: [String] { output.split(separator: "\n").map(String.init) }

        /// The output as a JSON object.
        func json() throws -> [String: Any] {
            try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
        }
    }

    /// A run that a signal ended.
    struct Signalled: Error {
        var status: String
    }

    /// The program, which is built into the same folder as the tests.
    private static let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("granary").path

    /// Runs the tool.
    ///
    /// - Parameters:
    ///   - words: Its arguments.
    ///   - address: The value of `GRANARY_POSTGRES_URL`, which is not set otherwise.
    /// - Returns: Its exit status and what it wrote.
    /// - Throws: When it cannot be started or ends by a signal.
    static func run(_ words: String..., address: String? = nil) async throws -> Outcome {
        let result = try await Subprocess.run(
            .name("env"), arguments: Arguments([path] + words),
            environment: .inherit.updating(["GRANARY_POSTGRES_URL": address]),
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        guard case .exited(let status) = result.terminationStatus else {
            throw Signalled(status: "\(result.terminationStatus)")
        }
        return Outcome(status: status, output: result.standardOutput, errors: result.standardError)
    }
}
