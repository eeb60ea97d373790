import FoundationEssentials

extension Unmarked.Thing {
    /// A thing of a random shape; sets and dictionaries have one element at most, so that the order is always the same.
    init(_ generator: inout SeededGenerator) {
        var random = RandomParts(generator)
        self.init(
            id: random.integer(), name: random.text(), note: random.maybe { $0.text() }, count: random.integer(),
            isOpen: random.flag(), weight: Double(random.integer()) / 3,
            small: UInt8(truncatingIfNeeded: random.integer()),
            kind: Unmarked.Kind.allCases.randomElement(using: &random.generator) ?? .big,
            suit: random.maybe { $0.flag() ? .hearts : .spades }, shape: random.shape(),
            items: random.several { $0.item() }, maybe: random.maybe { $0.item() },
            byName: random.maybe { [$0.text(): $0.item()] } ?? [:],
            optionals: random.several { random in random.maybe { $0.integer() } },
            matrix: random.several { random in random.several { Double($0.integer()) } },
            twice: random.maybe { .some($0.integer()) },
            page: Unmarked.Page(elements: random.several { $0.item() }, label: random.maybe { $0.text() }),
            renamed: Unmarked.Renamed(
                long: random.integer(), default: random.text(), empty: random.maybe { $0.flag() },
                quoted: random.several { $0.text() }),
            data: Data(random.several { UInt8(truncatingIfNeeded: $0.integer()) }),
            date: random.maybe { Date(timeIntervalSinceReferenceDate: Double($0.integer())) },
            uuid: UUID(uuidString: "00112233-4455-6677-8899-AABBCCDDEEFF") ?? UUID(),
            url: random.flag() ? URL(string: "https://example.com/a?b=c") : nil,
            decimal: random.maybe { Decimal($0.integer() % 1_000_000) / 8 }, tags: random.maybe { [$0.text()] } ?? [],
            range: random.maybe { _ in 1..<5 }, tree: random.tree(3))
        generator = random.generator
    }
}

/// Makes the parts of random things.
struct RandomParts {
    var generator: SeededGenerator

    init(_ generator: SeededGenerator) { self.generator = generator }

    mutating func flag() -> Bool { Bool.random(using: &generator) }

    mutating func maybe<Value>(_ make: (inout RandomParts) -> Value) -> Value? { flag() ? make(&self) : nil }

    /// Mostly few, now and then more than a head of one byte can count.
    mutating func several<Value>(_ make: (inout RandomParts) -> Value) -> [Value] {
        let limit = Int.random(in: 0..<8, using: &generator) == 0 ? 40 : 4
        return (0..<Int.random(in: 0..<limit, using: &generator)).map { _ in make(&self) }
    }

    /// Integers of all lengths alike that JSON writes without an exponent.
    mutating func integer() -> Int {
        Int(truncatingIfNeeded: generator.next()) >> Int.random(in: 12..<64, using: &generator)
    }

    mutating func text() -> String {
        let letters = ["a", "B", "ß", "水", "👍🏽", "\u{1}", "\"", "\n", "long enough for a word"]
        return several { letters.randomElement(using: &$0.generator) ?? "" }.joined()
    }

    mutating func item() -> Unmarked.Item { Unmarked.Item(integer(), text: text()) }

    mutating func shape() -> Unmarked.Shape {
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: .empty
        case 1: .circle(Double(integer()) / 7)
        case 2: .box(width: integer(), height: maybe { $0.integer() }, maybe { $0.item() })
        case 3: .named(text(), at: several { $0.item() })
        default: .default(suit: maybe { $0.flag() ? .hearts : .spades })
        }
    }

    mutating func tree(_ depth: Int) -> Unmarked.Tree {
        guard depth > 0, flag() else { return .leaf(integer()) }
        return .node(tree(depth - 1), right: maybe { $0.tree(depth - 1) })
    }
}
