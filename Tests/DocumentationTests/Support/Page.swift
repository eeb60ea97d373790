import Testing

/// A markdown file.
struct Page: CustomTestStringConvertible, Sendable {
    /// A block of code and where it stands.
    struct Block: Sendable {
        /// The word after the fence.
        var language: String
        /// The number of its first line of code.
        var line: Int
        var text: String
    }

    /// The path from the repository's root.
    let path: String
    let lines: [Substring]
    private let text: String

    init(path: String) throws {
        self.path = path
        text = try Repository.text(path)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    var testDescription: String { path }

    /// The fenced blocks of a language, in order.
    func blocks(of language: String) -> [Block] { pieces.flatMap(\.self).filter { $0.language == language } }

    /// The page's programs: what its Swift blocks are when they are read one after the other.
    ///
    /// Three comments, which readers do not see, help: `<!-- program -->` begins another program, `<!-- manifest -->` says
    /// that the next block is a package's manifest, and a comment whose first line is `<!-- swift` holds code that the
    /// program needs and the reader does not.
    var programs: [Program] {
        pieces.enumerated().compactMap { index, blocks in
            let swift = blocks.filter { $0.language == "swift" }
            return swift.isEmpty ? nil : Program(path: path, number: index + 1, blocks: swift)
        }
    }

    /// The targets of its links, without those within code.
    var links: [String] {
        var links: [String] = []
        var isCode = false
        for line in lines {
            if line.hasPrefix("```") { isCode.toggle() }
            if isCode { continue }
            for match in line.matches(of: #/\]\(([^)\s]+)\)/#) { links.append(String(match.1)) }
        }
        return links
    }

    private var pieces: [[Block]] {
        var pieces: [[Block]] = [[]]
        var open: Block?
        var isManifest = false
        var end = ""
        for (index, line) in lines.enumerated() {
            if var block = open {
                if line == end {
                    pieces[pieces.count - 1].append(block)
                    open = nil
                } else {
                    block.text += line + "\n"
                    open = block
                }
            } else if line == "<!-- program -->" {
                pieces.append([])
            } else if line == "<!-- manifest -->" {
                isManifest = true
            } else if line == "<!-- swift" {
                (open, end) = (Block(language: "swift", line: index + 2, text: ""), "-->")
            } else if line.hasPrefix("```") {
                let language = isManifest ? "manifest" : String(line.dropFirst(3))
                (open, end, isManifest) = (Block(language: language, line: index + 2, text: ""), "```", false)
            }
        }
        return pieces
    }
}
