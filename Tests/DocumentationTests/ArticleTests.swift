import Testing

/// The article about tests is made of tests that run.
@Suite struct ArticleTests {
    @Test func `the code of Testing grains is that of tests that run`() throws {
        let page = try Page(path: "Sources/GranaryTesting/Documentation.docc/TestingGrains.md")
        let shown = page.blocks(of: "swift").map(\.text).joined(separator: "\n")
        #expect(shown == (try Repository.text("Tests/GranaryTestingTests/Cluster/TestingGrainsArticle.swift")))
    }
}
