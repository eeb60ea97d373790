import Foundation
import GranaryTestSupport
import Testing

/// Every Swift block of every page compiles, without a warning.
@Suite struct CodeBlockTests {
    @Test(arguments: Repository.pages.flatMap(\.programs))
    func `a page's code compiles`(_ program: Program) async throws {
        try await program.typeCheck()
    }

    @Test(arguments: Repository.pages.filter { !$0.blocks(of: "manifest").isEmpty })
    func `a page's manifest is one`(_ page: Page) async throws {
        for block in page.blocks(of: "manifest") {
            let folder = try TemporaryFolder("manifest")
            defer { folder.remove() }
            try block.text.write(toFile: folder.file("Package.swift"), atomically: false, encoding: .utf8)
            try await Command(["swift", "package", "--package-path", folder.path, "dump-package"]).run()
        }
    }

    @Test func `the articles and the README have code`() {
        let withCode = Repository.pages.filter { !$0.programs.isEmpty }.map(\.path)
        for name in [
            "README", "FirstGrain", "GrainState", "RunningASilo", "CallingFromOutside", "RollingUpgrades", "Migrations",
        ] {
            #expect(withCode.contains { $0.hasSuffix("\(name).md") }, "\(name).md has no Swift code")
        }
    }
}
