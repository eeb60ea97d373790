import FoundationEssentials
import GranaryCore

/// The types of ``Unmarked``, marked.
enum Marked {
    @Coded struct Thing: Equatable {
        var id: Int
        let name: String
        var note: String?
        var count = 0
        var isOpen = true
        var weight: Double
        var small: UInt8
        var kind: Kind
        var suit: Suit?
        var shape: Shape
        var items: [Item]
        var maybe: Item?
        var byName: [String: Item]
        var optionals: [Int?]
        var matrix: [[Double]]
        var twice: Int??
        var page: Page<Item, String>
        var renamed: Renamed
        var data: Data
        var date: Date?
        var uuid: UUID
        var url: URL?
        var decimal: Decimal?
        var tags: Set<String>
        var range: Range<Int>?
        var tree: Tree
        var computed: Int { id + 1 }
        static let limit = 3
    }

    @Coded enum Kind: String, CaseIterable {
        case big
        case small = "little"
        case none
    }

    /// Not marked in either place.
    enum Suit: Int, Codable, CaseIterable {
        case hearts = 1
        case spades
    }

    @Coded enum Shape: Equatable {
        case empty
        case circle(Double)
        case box(width: Int, height: Int?, Item?)
        case named(_: String, at: [Item])
        case `default`(suit: Suit?)
    }

    @Coded indirect enum Tree: Equatable {
        case leaf(Int)
        case node(Tree, right: Tree?)
    }

    @Coded struct Item: Equatable {
        private var secret: Int
        private(set) var text: String

        init(_ secret: Int, text: String = "?") {
            self.secret = secret
            self.text = text
        }
    }

    @Coded struct Page<Element: Equatable, Label>: Equatable {
        var elements: [Element] = []
        var label: String?

        static func == (left: Self, right: Self) -> Bool {
            left.elements == right.elements && left.label == right.label
        }
    }

    @Coded struct Renamed: Equatable {
        var long = 1
        var `default` = "x"
        var empty: Bool?
        var unwritten = 5
        var quoted: [String] = []

        enum CodingKeys: String, CodingKey {
            case long = "a key of more than twenty-three bytes, ÄÖÜ"
            case `default`
            case empty = ""
            case quoted = "\"\\\n\u{1}/"
        }
    }

    @Coded struct Wide: Equatable {
        var a0, a1, a2, a3, a4, a5, a6, a7, a8, a9: Int?
        var b0, b1, b2, b3, b4, b5, b6, b7, b8, b9: String?
        var c0 = 0, c1 = 1, c2 = 2, c3 = 3, c4 = 4, c5 = 5, c6 = 6, c7 = 7
    }

    @Coded struct Empty: Equatable {}

    @Coded struct Chain: Equatable {
        var next: [Chain]?
    }

    @Coded struct Flags: OptionSet, Sendable {
        let rawValue: Int
    }
}
