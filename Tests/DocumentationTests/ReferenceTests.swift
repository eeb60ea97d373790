import Foundation
import GranaryTestSupport
import Testing

/// The reference documentation can be made, and no link in it is broken.
@Suite struct ReferenceTests {
    @Test func `docc converts every catalog without a warning`() async throws {
        let output = try TemporaryFolder("reference")
        defer { output.remove() }
        let script = Repository.root.appendingPathComponent("scripts/documentation").path
        try await Command([script, "--built", try BuiltProducts().folder.path, output.path]).run()
        for name in ["granary", "granarypostgres", "granarytesting"] {
            let archives = try FileManager.default.contentsOfDirectory(atPath: output.path)
            #expect(archives.contains { $0.lowercased() == "\(name).doccarchive" })
        }
    }
}
