import Foundation
import GranaryTestSupport
import Testing

/// Swift code of a page that makes sense as one file.
struct Program: CustomTestStringConvertible, Sendable {
    let path: String
    let number: Int
    let blocks: [Page.Block]

    var testDescription: String { "\(path), program \(number)" }

    /// The code, with the page's lines in the compiler's messages.
    var source: String {
        blocks.map { block in
            "#sourceLocation(file: \"\(path)\", line: \(block.line))\n\(block.text)#sourceLocation()\n"
        }.joined()
    }

    /// What a strict package switches on; code that compiles with it compiles without.
    private static let features = [
        "ExistentialAny", "MemberImportVisibility", "InternalImportsByDefault", "NonisolatedNonsendingByDefault",
    ]

    /// Has the real compiler check the code's types against the built modules, with warnings as errors.
    ///
    /// - Throws: A failure with what the compiler said.
    func typeCheck() async throws {
        let folder = try TemporaryFolder("page")
        defer { folder.remove() }
        // A file of this name may have statements at its top level.
        let file = folder.file("main.swift")
        try source.write(toFile: file, atomically: false, encoding: .utf8)
        let products = try BuiltProducts()
        try await Command(
            ["swiftc", "-typecheck", "-swift-version", "6", "-warnings-as-errors", "-module-name", "Page"]
                + Self.features.flatMap { ["-enable-upcoming-feature", $0] } + products.compilerFlags() + [file]
        ).run()
    }
}
