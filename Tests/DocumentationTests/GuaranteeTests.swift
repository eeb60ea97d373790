import Testing

/// A test that `docs/guarantees.md` names.
struct NamedTest: CustomTestStringConvertible, Sendable {
    /// The link's target, from the folder `docs`.
    let target: String
    let name: String
    let line: Int

    var testDescription: String { "line \(line): \(name)" }

    /// Reads `[Suite](../Tests/…/Suite.swift) "name"`, as often as it occurs.
    static let all: [NamedTest] = {
        guard let page = try? Page(path: "docs/guarantees.md") else { return [] }
        return page.lines.enumerated().flatMap { index, line in
            line.matches(of: #/\[[^\]]+\]\((\.\./[^)]+\.swift)\) "([^"]+)"/#).map { match in
                NamedTest(target: String(match.1), name: String(match.2), line: index + 1)
            }
        }
    }()
}

/// No promise without the test that holds it.
@Suite struct GuaranteeTests {
    @Test(arguments: NamedTest.all)
    func `a test that holds a promise exists`(_ test: NamedTest) throws {
        let path = String(test.target.dropFirst("../".count))
        try #require(
            path.hasPrefix("Tests/") || path.hasPrefix("Examples/"), "\(path) is neither in Tests nor in Examples")
        let text = try #require(try? Repository.text(path), "docs/guarantees.md names \(path), which does not exist")
        let spellings = ["func `\(test.name)`(", "func \(test.name)(", "@Test(\"\(test.name)\""]
        #expect(
            spellings.contains { text.contains($0) },
            "docs/guarantees.md names the test \"\(test.name)\", which \(path) does not have")
    }

    @Test func `every promise names a test`() throws {
        let page = try Page(path: "docs/guarantees.md")
        var promises = 0
        for (index, line) in page.lines.enumerated() where line.hasPrefix("| P") {
            promises += 1
            #expect(
                NamedTest.all.contains { $0.line == index + 1 }, "line \(index + 1) of docs/guarantees.md names no test"
            )
        }
        #expect(promises > 0)
    }
}
