import Testing

/// The page on operations names what there is: every metric and every setting, and none that there is not.
@Suite struct OperationsTests {
    private let page: Page
    private let sources: [String: String]

    init() throws {
        page = try Page(path: "docs/operations.md")
        sources = Repository.sources(below: "Sources")
    }

    /// What stands in code spans at the beginning of table rows.
    private func rows(beginning prefix: String) -> Set<String> {
        Set(
            page.lines.compactMap { line in
                line.firstMatch(of: #/^\| `([^`]+)`/#).map { String($0.1) }
            }.filter { $0.hasPrefix(prefix) })
    }

    @Test func `every metric is listed`() {
        var metrics: Set<String> = []
        for text in sources.values {
            for match in text.matches(of: #/label:\s*"(granary_[a-z_]+)"/#) { metrics.insert(String(match.1)) }
        }
        #expect(!metrics.isEmpty)
        #expect(rows(beginning: "granary_") == metrics)
    }

    @Test func `every setting is listed`() throws {
        var keys: Set<String> = []
        for (path, text) in sources where path.hasSuffix("+ConfigReader.swift") {
            let scope = try #require(text.firstMatch(of: #/scoped\(to: "([^"]+)"\)/#)?.1, "\(path) reads from no scope")
            for match in text.matches(of: #/forKey: "([a-z.-]+)"|, "([a-z.-]+)", config\)/#) {
                keys.insert("\(scope).\(match.1 ?? match.2 ?? "")")
            }
        }
        #expect(!keys.isEmpty)
        #expect(rows(beginning: "granary.") == keys)
    }
}
