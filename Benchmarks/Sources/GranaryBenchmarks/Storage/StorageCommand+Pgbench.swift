import ArgumentParser
import FoundationEssentials
import Subprocess

extension StorageCommand {
    /// Transactions per second of a statement about the row of a random grain, whose key is `:k`.
    func pgbench(_ statement: String, connections: Int) async throws -> Double {
        let path = FileManager.default.temporaryDirectory.path + "/granary-\(UInt64.random(in: 0 ... .max)).sql"
        let script = "\\set k random(0, \(grains - 1))\n\(statement)\n"
        try script.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let result = try await Subprocess.run(
            .name("pgbench"),
            arguments: [
                "-n", "-M", "prepared", "-c", "\(connections)", "-j", "\(min(connections, 2))", "-T", "\(seconds)",
                "-f", path, postgres,
            ],
            output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
        let output = result.standardOutput
        for line in output.split(separator: "\n") where line.hasPrefix("tps = ") {
            if let rate = Double(line.dropFirst(6).prefix { $0 != " " }) { return rate }
        }
        throw ValidationError("pgbench failed: \(output) \(result.standardError)")
    }
}
