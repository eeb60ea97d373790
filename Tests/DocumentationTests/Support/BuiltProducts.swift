import Foundation
import GranaryTestSupport
import Testing

/// What the build that the tests belong to has made.
struct BuiltProducts {
    /// The folder of programs and modules; the running test program lies in it.
    let folder: URL

    init() throws {
        folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        try #require(
            FileManager.default.fileExists(atPath: folder.appendingPathComponent("GranaryMacros-tool").path),
            "there is no plug-in beside the tests in \(folder.path)")
    }

    /// The path of a built program.
    func program(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// What a compiler needs to know to import Granary's modules, to expand its macros and those of Swift Testing.
    func compilerFlags() throws -> [String] {
        let libpq = try Command(["pkg-config", "--cflags-only-I", "libpq"]).runBlocking()
        let flags =
            libpq.split(whereSeparator: \.isWhitespace).map(String.init)
            + (try moduleMaps().map { "-fmodule-map-file=" + $0 })
        return [
            "-I", program("Modules"), "-load-plugin-executable", program("GranaryMacros-tool") + "#GranaryMacros",
            "-plugin-path", try resources() + "/host/plugins/testing",
        ] + flags.flatMap { ["-Xcc", $0] }
    }

    /// The toolchain's folder of libraries.
    private func resources() throws -> String {
        let info = try Command(["swiftc", "-print-target-info"]).runBlocking()
        let object = try JSONSerialization.jsonObject(with: Data(info.utf8)) as? [String: Any]
        let paths = object?["paths"] as? [String: Any]
        return try #require(paths?["runtimeResourcePath"] as? String, "swiftc does not say where it lies")
    }

    /// The C modules below Granary's, which an importing compiler has to find too.
    private func moduleMaps() throws -> [String] {
        let files = FileManager.default
        var maps = try files.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".build") && !$0.hasSuffix("-tool.build") }
            .map { program($0) + "/module.modulemap" }
        // <scratch>/<triple>/debug/ beside <scratch>/checkouts/
        var scratch = folder
        while scratch.path != "/", !files.fileExists(atPath: scratch.appendingPathComponent("checkouts").path) {
            scratch.deleteLastPathComponent()
        }
        let checkouts = scratch.appendingPathComponent("checkouts").path
        for package in try files.contentsOfDirectory(atPath: checkouts) {
            let sources = checkouts + "/\(package)/Sources"
            let targets = (try? files.contentsOfDirectory(atPath: sources)) ?? []
            maps += targets.map { "\(sources)/\($0)/include/module.modulemap" }
        }
        maps.append(Repository.root.appendingPathComponent("Sources/CLibPQ/module.modulemap").path)
        return maps.filter { files.fileExists(atPath: $0) }
    }
}
