import Foundation
import GranaryCore
import Testing

/// Text that wants to do harm: each must end in an error, quickly.
struct JSONHostileInputTests {
    private struct Empty: Codable, Equatable {}

    private struct Node: Codable, Equatable {
        var next: [Node]?
    }

    private struct Sample: Codable, Equatable {
        var name: String
        var tags: [String]
        var scores: [String: Double]
        var child: [Sample]?
        var payload: Data
        var date: Date
        var kind: Kind

        enum Kind: Codable, Equatable {
            case plain
            case weighted(Double, unit: String)
        }
    }

    @Test(arguments: [
        "", " ", "{", "}", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1}", "{]", "{1:2}", "{\"a\"}", "{\"a\":}",
        "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{\"a\" 1}", "{,}", "{\"a\":1]", "tru", "truE", "nul", "nulll", "fals",
        "True",
        "'a'", "\"", "\"a", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\n\"", "\"\u{1}\"", "{} {}", "[] x", "1,",
        "// x\n1", "/**/1", "\u{feff}1", "{a:1}", "[1]]", "undefined",
    ])
    func malformed(text: String) {
        expectCorrupted(Int.self, text)
        expectCorrupted(Empty.self, text)
        expectCorrupted([Int].self, text)
        expectCorrupted([String: [Int]].self, text)
        expectCorrupted(Empty.self, "{\"x\":\(text)")
    }

    @Test func positions() {
        expectCorrupted(Empty.self, "{\"a\": tru}", byte: 9)
        expectCorrupted([Int].self, "[1, 2", byte: 5)
        expectCorrupted([Int].self, "[1, 2] 3", byte: 7)
        expectCorrupted([Int].self, "", byte: 0)
    }

    @Test(
        arguments: [
            [0xff], [0xc0, 0x80], [0xc3], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x80, 0x80, 0x80],
            [0xf4, 0x90, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0x80], [0xe2, 0x82], [0xf0, 0x9f, 0x91, 0x61],
        ] as [[UInt8]])
    func textThatIsNotUTF8(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        for padding in 0..<9 {
            let string = [quote] + [UInt8](repeating: 0x61, count: padding) + bytes + [quote]
            expectCorrupted(String.self, string)
            expectCorrupted(Empty.self, Array("{\"skipped\":".utf8) + string + Array("}".utf8))
            expectCorrupted(Empty.self, Array("{".utf8) + string + Array(":1}".utf8))
        }
    }

    @Test(arguments: [#"\ud800"#, #"\udc00"#, #"\ud800\ud800"#, #"\ud83dx"#, #"\ud83d\n"#, #"\udc4d\ud83d"#])
    func loneSurrogates(text: String) {
        expectCorrupted(String.self, "\"\(text)\"")
        expectCorrupted(Empty.self, "{\"skipped\":\"\(text)\"}")
    }

    @Test func escapes() throws {
        #expect(
            try parsed(String.self, #""\"\\\/\b\f\n\r\t\u0041\u00e9\u6c34\ud83d\uDC4D\u0000""#)
                == "\"\\/\u{8}\u{c}\n\r\tAé水👍\u{0}")
        #expect(try parsed([String: Int].self, #"{"\ud83d\udc4d": 1}"#) == ["👍": 1])
        for scalar in (0...0xffff as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init) {
            let hex = String(scalar.value, radix: 16)
            let text = "\"x\\u" + String(repeating: "0", count: 4 - hex.count) + hex + "\""
            guard try parsed(String.self, text) == "x" + String(scalar) else {
                Issue.record("\(text)")
                return
            }
        }
    }

    @Test func depth() throws {
        func nested(_ count: Int) -> String {
            String(repeating: "[", count: count) + String(repeating: "]", count: count)
        }
        #expect(throws: Never.self) { try parsed(Empty.self, "{\"a\":\(nested(511))}") }
        expectCorrupted(Empty.self, "{\"a\":\(nested(512))}", byte: 516)
        expectCorrupted(Empty.self, String(repeating: "[", count: 1_000_000), byte: 512)
        expectCorrupted(Node.self, String(repeating: "{\"next\":[", count: 1000))
        func chain(_ length: Int) -> Node { (1..<length).reduce(Node(next: [])) { node, _ in Node(next: [node]) } }
        try expectSameAsFoundation(chain(200))
        #expect(try parsed(Node.self, json(chain(256))) == chain(256))
        #expect(throws: EncodingError.self) { try json(chain(257)) }
    }

    @Test func valuesThatContainThemselves() {
        struct Loop: Codable {
            init() {}
            init(from decoder: any Decoder) throws { self = try decoder.singleValueContainer().decode(Loop.self) }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.singleValueContainer()
                try container.encode(self)
            }
        }
        #expect(throws: EncodingError.self) { try json(Loop()) }
        #expect(throws: DecodingError.self) { try parsed(Loop.self, "1") }
    }

    @Test func largeInputIsReadInOnePass() async throws {
        // Quadratic behaviour anywhere would take minutes, not fractions of a second.
        let count = 50_000
        let start = ContinuousClock.now
        let keys = (0..<count).map { "\"\\u006b\($0)\":{}" }.joined(separator: ",")
        #expect(try parsed([String: Empty].self, "{\(keys)}").count == count)
        await Task.yield()
        let same = String(repeating: "\"k\":{},", count: count)
        #expect(try parsed([String: Empty].self, "{\(same)\"k\":{}}").count == 1)
        await Task.yield()
        #expect(try parsed(Node.self, "{\(same)\"k\":{}}") == Node())
        await Task.yield()
        #expect(try parsed(Double.self, "0." + String(repeating: "1", count: 1_000_000)) == 1.0 / 9)
        await Task.yield()
        #expect(
            try parsed([String: Node].self, json((0..<count).reduce(into: [String: Node]()) { $0["\($1)"] = Node() }))
                .count == count)
        await Task.yield()
        _ = try parsed(Empty.self, "{\"x\":\"" + String(repeating: "\\n", count: 1_000_000) + "\"}")
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test func fuzz() async throws {
        var generator = SeededGenerator(seed: 8259)
        let leaf = Sample(
            name: "leaf \"é\" 👍\n", tags: ["a", "bb", "ccc"], scores: ["x": 1.5, "y": -1e300], child: nil,
            payload: Data([1, 2, 3]), date: Date(timeIntervalSinceReferenceDate: 0.1), kind: .weighted(2.5, unit: "kg"))
        var root = leaf
        root.child = [leaf, leaf]
        root.kind = .plain
        let seeds = [
            try JSONStateEncoder().encode(root), try JSONStateEncoder().encode(leaf),
            try JSONStateEncoder().encode(Array(repeating: leaf, count: 20)),
            Array(#"{"a" : ["\ud83d\udc4d", "\u0041x"], "b":[ ], "a":["\\", "\/"]}"#.utf8),
        ]
        var survivors = 0
        for round in 0..<60_000 {
            // Others run beside it, whose calls have a time to keep.
            if round % 500 == 0 { await Task.yield() }
            var input = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...3, using: &generator) { mutate(&input, &generator) }
            if survives(input, round / seeds.count) { survivors += 1 }
        }
        // Some mutations only change a number or a letter: without survivors the test would prove nothing.
        #expect(survivors > 1000)
    }

    private func mutate(_ input: inout [UInt8], _ generator: inout SeededGenerator) {
        guard !input.isEmpty else { return input.append(UInt8.random(in: 0...255, using: &generator)) }
        let place = Int.random(in: 0..<input.count, using: &generator)
        let letters = Array(#"{}[],:"\0123456789eE+-.tfn u/"#.utf8)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: input[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: input[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2: input.remove(at: place)
        case 3: input.insert(letters.randomElement(using: &generator) ?? 0, at: place)
        case 4: input[place] = letters.randomElement(using: &generator) ?? 0
        default: input.removeSubrange(place..<min(input.count, place + 3))
        }
    }

    /// Decodes as several types; what is accepted must be JSON to Foundation too, and survive another round trip.
    private func survives(_ input: [UInt8], _ round: Int) -> Bool {
        switch round % 4 {
        case 0: return survives(input, Sample.self)
        case 1: return survives(input, [Sample].self)
        case 2: return survives(input, [String: [String]].self)
        default: return survives(input, Empty.self)
        }
    }

    private func survives<Value: Codable & Equatable>(_ input: [UInt8], _ type: Value.Type) -> Bool {
        let foundations = try? JSONDecoder().decode(type, from: Data(input))
        do {
            let value = try JSONStateDecoder().decode(type, from: input)
            #expect((try? JSONStateDecoder().decode(type, from: JSONStateEncoder().encode(value))) == value)
            return true
        } catch {
            #expect(error is DecodingError)
            // What Foundation reads, this codec reads, except that it checks what is passed over more strictly.
            if foundations != nil, type != Empty.self {
                #expect(summary(of: error) == "dataCorrupted at ", "\(String(decoding: input, as: UTF8.self))")
            }
            return false
        }
    }
}
