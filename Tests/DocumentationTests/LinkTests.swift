import Foundation
import Testing

/// What pages point at is there.
@Suite struct LinkTests {
    @Test(arguments: Repository.pages)
    func `the links of a page lead somewhere`(_ page: Page) {
        let folder = page.path.split(separator: "/").dropLast().joined(separator: "/")
        for link in page.links where !link.contains("://") && !link.hasPrefix("#") && !link.hasPrefix("doc:") {
            let target = link.prefix { $0 != "#" }
            let path = URL(fileURLWithPath: "/\(folder)/\(target)").standardizedFileURL.path
            #expect(Repository.has(path), "\(page.path) points at \(link)")
        }
    }

    @Test func `all articles are curated`() throws {
        let catalogs = Repository.pages.filter { $0.path.hasSuffix(".docc/Documentation.md") }
        #expect(!catalogs.isEmpty)
        for catalog in catalogs {
            let folder = catalog.path.dropLast("Documentation.md".count)
            for page in Repository.pages where page.path.hasPrefix(folder) && page.path != catalog.path {
                let name = page.path.dropFirst(folder.count).dropLast(".md".count)
                #expect(catalog.lines.contains("- <doc:\(name)>"), "\(catalog.path) does not list \(name)")
            }
        }
    }
}
