import FoundationEssentials
import Subprocess

/// What the figures were measured on.
struct Machine: Codable, Sendable {
    /// The file in a folder of results.
    static let file = "machine.json"

    /// What it is, such as `processor`, and which one, in the order of the page.
    struct Part: Codable, Sendable {
        var name: String
        var value: String
    }

    var parts: [Part]

    /// Asks the system and the programs that take part; what is not to be learned is left out.
    static func current() async -> Machine {
        let processor = field("model name", of: "/proc/cpuinfo", separator: ":")
        let memory = field("MemTotal", of: "/proc/meminfo", separator: ":")?.split(separator: " ").first
        let bytes = memory.flatMap { Double($0) }.map { $0 * 1_024 }
        let system = field("PRETTY_NAME", of: "/etc/os-release", separator: "=")?.filter { $0 != "\"" }
        let kernel = await output("uname", ["-sr"])
        let release = #"io:format("~s", [erlang:system_info(otp_release)]), halt()."#
        let parts: [(String, String?)] = [
            ("processor", processor), ("cores", "\(ProcessInfo.processInfo.activeProcessorCount)"),
            ("memory", bytes.map { "\(Numeral.decimal($0 / 1_073_741_824, 1)) GiB" }),
            ("system", [system, kernel].compactMap { $0 }.joined(separator: ", ")),
            ("Swift", await output("swiftc", ["--version"]).flatMap { word(after: "Swift version", in: $0) }),
            ("PostgreSQL", await output("psql", ["-XAtc", "show server_version"]).flatMap { word(after: "", in: $0) }),
            ("Erlang/OTP", await output("erl", ["-noshell", "-eval", release])),
        ]
        return Machine(parts: parts.compactMap { name, value in value.map { Part(name: name, value: $0) } })
    }

    /// One line for people.
    var text: String { parts.map { "\($0.name) \($0.value)" }.joined(separator: "; ") }

    private static func field(_ name: String, of path: String, separator: Character) -> String? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            guard let index = line.firstIndex(of: separator) else { continue }
            return String(line[line.index(after: index)...].drop { $0.isWhitespace })
        }
        return nil
    }

    private static func output(_ program: String, _ arguments: [String]) async -> String? {
        let result = try? await Subprocess.run(
            .name(program), arguments: Arguments(arguments), output: .string(limit: 1 << 16), error: .discarded)
        guard let result, result.terminationStatus.isSuccess else { return nil }
        let line = result.standardOutput.split(separator: "\n").first.map(String.init)
        return line?.isEmpty == true ? nil : line
    }

    private static func word(after words: String, in text: String) -> String? {
        guard let start = words.isEmpty ? text.startIndex : text.firstRange(of: words)?.upperBound else { return nil }
        return text[start...].split(separator: " ").first.map(String.init)
    }
}
