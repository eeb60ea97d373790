import Testing

/// A test that a page names.
struct NamedTest: CustomTestStringConvertible, Sendable {
    /// The page's path.
    let page: String
    /// The link's target, from the folder `docs`.
    let target: String
    let name: String
    let line: Int

    var testDescription: String { "\(page), line \(line): \(name)" }

    /// Reads `[Suite](../Tests/…/Suite.swift) "name"`, as often as it occurs.
    static let all: [NamedTest] = ["docs/guarantees.md", "docs/scenarios.md"].flatMap { path in
        ((try? Page(path: path))?.lines ?? []).enumerated().flatMap { index, line in
            line.matches(of: #/\[[^\]]+\]\((\.\./[^)]+\.swift)\) "([^"]+)"/#).map { match in
                NamedTest(page: path, target: String(match.1), name: String(match.2), line: index + 1)
            }
        }
    }
}

/// No promise without the test that holds it.
@Suite struct GuaranteeTests {
    @Test(arguments: NamedTest.all)
    func `a test that holds a promise exists`(_ test: NamedTest) throws {
        let path = String(test.target.dropFirst("../".count))
        try #require(
            path.hasPrefix("Tests/") || path.hasPrefix("Examples/"), "\(path) is neither in Tests nor in Examples")
        let text = try #require(try? Repository.text(path), "\(test.page) names \(path), which does not exist")
        let spellings = ["func `\(test.name)`(", "func \(test.name)(", "@Test(\"\(test.name)\""]
        #expect(
            spellings.contains { text.contains($0) },
            "\(test.page) names the test \"\(test.name)\", which \(path) does not have")
    }

    @Test func `every promise names a test`() throws { try check("docs/guarantees.md") { $0.hasPrefix("| P") } }

    @Test func `every scenario names a test`() throws {
        try check("docs/scenarios.md") { $0.prefixMatch(of: #/\| [A-Z]\d/#) != nil }
    }

    /// Every row of a page has a test.
    private func check(_ path: String, _ isRow: (Substring) -> Bool) throws {
        var rows = 0
        for (index, line) in try Page(path: path).lines.enumerated() where isRow(line) {
            rows += 1
            let isHeld = NamedTest.all.contains { $0.page == path && $0.line == index + 1 }
            #expect(isHeld, "line \(index + 1) of \(path) names no test")
        }
        #expect(rows > 0)
    }
}
