import Testing

/// Marked types that must compile without a word in users' packages, and those that the macro refuses.
@Suite struct CodedCompileTests {
    @Test(arguments: GrainCompileTests.packages.dropFirst()) func `Types of every access, place and content`(
        flags: [String]
    ) async throws {
        try await Compiler.expectSilence(
            """
            public import GranaryCore

            public nonisolated struct Plain: Codable, Sendable { var count = 0 }
            @Coded public nonisolated struct Contents: Hashable, Sendable {
                public var lines: [Line] = []
                public internal(set) var note: String?
                private var secret = 1
                var plain: [String: Kind] = [:]
                var watched = 0 { didSet { secret = watched } }
                var `default`: Int!
                @Coded public struct Line: Hashable, Sendable {
                    public let product: String
                    public init(product: String) { self.product = product }
                }
                @Coded enum Kind: Int, Sendable { case one = 1, two }
                public static let limit = 3
            }
            @Coded nonisolated struct Mixed: Sendable {
                var plain: Plain
                var plains: [Plain]?
                var maybe: Plain?
                var forced: Plain!
                var byKind: [Contents.Kind: Plain]
                var range: Range<Int>
                var optional: Optional<Plain>
            }
            @Coded nonisolated struct Declared: Codable { var x = 1, y: Int? }
            @Coded private nonisolated struct Hidden { var x = 1; var empty: Empty }
            @Coded fileprivate nonisolated struct Empty {}
            @available(*, deprecated) @Coded nonisolated struct Old { var x = 1 }
            @Coded nonisolated struct Page<Item: Sendable, Tag>: Sendable { var items: [Item] = []; let tag: String? }
            nonisolated struct Outer<Value> { @Coded struct Inner { var value: Value } }
            @Coded nonisolated indirect enum Tree<Leaf> {
                case empty
                case leaf(Leaf, plain: Plain?, Optional<Plain>, Plain)
                case `case`(Tree, right: Tree?)
            }
            @Coded nonisolated struct Options: OptionSet, Sendable { let rawValue: Int }
            @Coded nonisolated struct Keyed {
                var a = 1, b = 2
                var unwritten = 3
                private enum CodingKeys: String, CodingKey { case a = "x y", b }
            }
            nonisolated func needs<Value: Codable & Coded>(_ type: Value.Type) {}
            nonisolated func all() {
                needs(Contents.self); needs(Contents.Line.self); needs(Mixed.self); needs(Declared.self)
                needs(Hidden.self); needs(Page<Int, Never>.self); needs(Outer<[Int]>.Inner.self)
                needs(Tree<String>.self); needs(Options.self); needs(Keyed.self); needs([String: [Contents?]].self)
            }
            @Grain actor Cart {
                @Stored var contents = Contents()
                func set(_ contents: Contents) -> [Mixed] { [] }
            }
            """, flags: flags)
    }

    @Test(arguments: mistakes) func `One error at the line`(_ mistake: Mistake) async throws {
        try await Compiler.expect(mistake)
    }

    /// Only the compiler knows, and the errors stand in the expansion.
    @Test func `A raw value that is declared elsewhere`() async throws {
        let outcome = try await Compiler().compile(
            """
            import GranaryCore
            @Coded struct Code { let rawValue: String }
            extension Code: RawRepresentable { init?(rawValue: String) { self.init(rawValue: rawValue, checked: true) }
                init(rawValue: String, checked: Bool) { self.rawValue = rawValue } }
            """)
        #expect(!outcome.succeeded)
    }

    static let mistakes = [
        Mistake(
            "class", "@Coded final class A {} // HERE",
            "'@Coded' needs a struct or an enum: what is written is a value"),
        Mistake(
            "wrapped",
            "@propertyWrapper struct W: Codable { var wrappedValue = 1 }\n@Coded struct A: Codable {\n@W var x // HERE\n}",
            "'@Coded' does not know what '@W' makes of 'x': declare the type 'Codable' instead"),
        Mistake(
            "own decoding",
            "@Coded struct A: Encodable, Decodable {\nvar x = 1\ninit(from decoder: any Decoder) throws {} // HERE\n}",
            "a type with an 'init(from:)' of its own cannot be '@Coded': it has its own form"),
        Mistake(
            "case without key",
            "@Coded enum A: Codable {\ncase a\ncase b // HERE\nenum CodingKeys: CodingKey { case a }\n}",
            "'b' has no key, so it cannot be written"),
    ]
}
