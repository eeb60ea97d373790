import FoundationEssentials

/// A value of a random shape.
indirect enum RandomTree: Codable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case natural(UInt64)
    case real(Double)
    case text(String)
    case bytes([UInt8])
    case id(UUID)
    case list([RandomTree])
    case table([String: RandomTree])
    case numbered([Int: RandomTree])
    case pair(left: RandomTree, right: RandomTree?)

    init(depth: Int, _ generator: inout SeededGenerator) {
        switch Int.random(in: 0..<(depth > 0 ? 12 : 8), using: &generator) {
        case 0: self = .null
        case 1: self = .bool(Bool.random(using: &generator))
        case 2: self = .integer(Self.spread(&generator))
        case 3: self = .natural(UInt64(bitPattern: Self.spread(&generator)))
        case 4: self = .real(Double(Self.spread(&generator)) / 3)
        case 5: self = .text(Self.text(&generator))
        case 6: self = .bytes((0..<Int.random(in: 0...40, using: &generator)).map { UInt8($0) })
        case 7:
            var bytes = Data(count: 16)
            for place in bytes.indices { bytes[place] = UInt8.random(in: 0...255, using: &generator) }
            self = .id(bytes.withUnsafeBytes { UUID(uuid: $0.load(as: type(of: UUID().uuid))) })
        case 8: self = .list(Self.several(&generator).map { _ in RandomTree(depth: depth - 1, &generator) })
        case 9:
            var table: [String: RandomTree] = [:]
            for _ in Self.several(&generator) {
                table[Self.text(&generator)] = RandomTree(depth: depth - 1, &generator)
            }
            self = .table(table)
        case 10:
            var table: [Int: RandomTree] = [:]
            for _ in Self.several(&generator) {
                table[Int(Self.spread(&generator))] = RandomTree(depth: depth - 1, &generator)
            }
            self = .numbered(table)
        default:
            self = .pair(
                left: RandomTree(depth: depth - 1, &generator),
                right: Bool.random(using: &generator) ? RandomTree(depth: depth - 1, &generator) : nil)
        }
    }

    /// Integers of all lengths alike.
    private static func spread(_ generator: inout SeededGenerator) -> Int64 {
        Int64(bitPattern: generator.next()) >> Int64.random(in: 0..<64, using: &generator)
    }

    /// Mostly short, now and then more than a head of one byte can count.
    private static func several(_ generator: inout SeededGenerator) -> Range<Int> {
        0..<Int.random(in: 0..<(Int.random(in: 0..<8, using: &generator) == 0 ? 40 : 4), using: &generator)
    }

    private static func text(_ generator: inout SeededGenerator) -> String {
        let letters = ["a", "B", "ß", "水", "👍🏽", "\u{0}", "e\u{301}", "\n"]
        return several(&generator).map { _ in letters.randomElement(using: &generator) ?? "" }.joined()
    }
}
