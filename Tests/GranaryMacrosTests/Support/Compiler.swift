import FoundationEssentials
import GranaryTestSupport
import Subprocess
import Testing

/// The real compiler, set up as a user's package would have it: the built modules and the built plug-in.
struct Compiler: Sendable {
    /// One message of the compiler about the file that was compiled.
    struct Message: Hashable, CustomStringConvertible {
        var line: Int
        var severity: String
        var text: String

        var description: String { "line \(line): \(severity): \(text)" }
    }

    /// What the compiler made of a file.
    struct Outcome {
        var succeeded: Bool
        /// Errors and warnings, in the file or in an expansion (line 0 then); no notes.
        var messages: [Message]
        /// Everything it printed.
        var log: String
    }

    private let folder: String

    /// Finds the build folder that the running test bundle lies in.
    init() throws {
        let candidates = CommandLine.arguments.flatMap { argument -> [String] in
            guard let end = argument.firstRange(of: ".xctest")?.lowerBound else { return [] }
            return [String(argument[..<end])]
        }
        let folders = candidates.compactMap { path in
            path.lastIndex(of: "/").map { String(path[..<$0]) }
        }
        folder = try #require(
            folders.first { FileManager.default.fileExists(atPath: $0 + "/GranaryMacros-tool") },
            "no plug-in beside the test bundle: \(CommandLine.arguments)")
    }

    /// Compiles one file.
    ///
    /// - Parameters:
    ///   - source: Its text.
    ///   - flags: More arguments.
    /// - Returns: What the compiler said.
    /// - Throws: When the compiler cannot be run.
    func compile(_ source: String, flags: [String] = ["-typecheck"]) async throws -> Outcome {
        let workspace = try TemporaryFolder("compile")
        defer { workspace.remove() }
        let file = workspace.file("Snippet.swift")
        try source.write(toFile: file, atomically: false, encoding: .utf8)
        var arguments = [
            "-swift-version", "6", "-parse-as-library", "-module-name", "Snippet", "-package-name", "snippet",
            "-diagnostic-style", "llvm", "-I", folder + "/Modules",
            "-load-plugin-executable", folder + "/GranaryMacros-tool#GranaryMacros",
        ]
        arguments += try moduleMaps().flatMap { ["-Xcc", "-fmodule-map-file=" + $0] }
        arguments += flags + [file]
        // Behind the other tests, whose calls have a time to keep: dozens of compilers would leave them no processor.
        let result = try await run(
            .name("nice"), arguments: Arguments(["-n", "19", "swiftc"] + arguments), output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20))
        let log = result.standardOutput + result.standardError
        return Outcome(
            succeeded: result.terminationStatus.isSuccess, messages: messages(in: log, of: file), log: log)
    }

    /// The C modules below GranaryCore, which an importing compiler has to find too.
    private func moduleMaps() throws -> [String] {
        let files = FileManager.default
        let built = try files.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".build") && !$0.hasSuffix("-tool.build") }
            .map { folder + "/\($0)/module.modulemap" }
        var maps = built.filter { files.fileExists(atPath: $0) }
        // <scratch>/<triple>/debug/ beside <scratch>/checkouts/
        var scratch = folder
        while !files.fileExists(atPath: scratch + "/checkouts"), let end = scratch.lastIndex(of: "/") {
            scratch = String(scratch[..<end])
        }
        for package in try files.contentsOfDirectory(atPath: scratch + "/checkouts") {
            let sources = scratch + "/checkouts/\(package)/Sources"
            let targets = (try? files.contentsOfDirectory(atPath: sources)) ?? []
            maps += targets.map { "\(sources)/\($0)/include/module.modulemap" }.filter { files.fileExists(atPath: $0) }
        }
        return maps
    }

    private func messages(in log: String, of file: String) -> [Message] {
        var messages: [Message] = []
        for line in log.split(separator: "\n") {
            for severity in ["error", "warning"] {
                guard let range = line.firstRange(of: ": \(severity): ") else { continue }
                let place = line[..<range.lowerBound].split(separator: ":")
                let isHere = line.hasPrefix(file)
                // The compiler adds the macro's name to a macro's messages.
                let text = line[range.upperBound...]
                let end = text.firstRange(of: " (from macro '")?.lowerBound ?? text.endIndex
                messages.append(
                    Message(
                        line: isHere && place.count > 1 ? Int(place[1]) ?? 0 : 0, severity: severity,
                        text: String(text[..<end])))
                break
            }
        }
        return messages
    }
}
