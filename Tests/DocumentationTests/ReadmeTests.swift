import Foundation
import GranaryTestSupport
import Testing

/// The grain in the README is a program that runs.
@Suite struct ReadmeTests {
    private let page: Page

    init() throws { page = try Page(path: "README.md") }

    @Test func `the first grain is the program FirstGrain in under 30 lines`() throws {
        let shown = try #require(page.blocks(of: "swift").first).text
        #expect(shown == (try Repository.text("Examples/FirstGrain/main.swift")))
        #expect(shown.split(separator: "\n", omittingEmptySubsequences: false).count - 1 < 30)
    }

    @Test func `the first grain prints what the README says`() async throws {
        let told = try #require(page.blocks(of: "").first { $0.text.hasPrefix("$ swift run FirstGrain\n") }).text
        let printed = try await Command([try BuiltProducts().program("FirstGrain")]).run()
        let withoutLog = printed.split(separator: "\n").filter { !$0.contains(" granary") }
        #expect(told.split(separator: "\n").dropFirst() == withoutLog[...])
    }

    @Test(arguments: ["scripts/demo", "scripts/test"])
    func `a command of the README is there and explains itself`(_ script: String) async throws {
        #expect(page.lines.contains { $0.contains(script) })
        let help = try await Command([Repository.root.appendingPathComponent(script).path, "--help"]).run()
        #expect(help.contains("usage: \(script)"))
    }
}
