import Foundation
import GranaryCore
import Testing

/// Values of every kind that `Codable` knows, beside Foundation's codec.
struct JSONShapeTests {
    private struct Everything: Codable, Equatable {
        var bool = true
        var int = Int.min
        var int8 = Int8.min
        var int16 = Int16.max
        var int32 = Int32.min
        var int64 = Int64.max
        var uint = UInt.max
        var uint8 = UInt8.max
        var uint16 = UInt16.max
        var uint32 = UInt32.max
        var uint64 = UInt64.max
        var double = -0.1
        var float: Float = 0.1
        var text = "naïve 👩‍👩‍👧‍👦 \u{0} e\u{301} \" \\ / \u{8}\u{c}\n\r\t\u{1f}\u{7f}\u{2028}"
        var uuid = UUID()
        var data = Data([0, 255, 128])
        var date = Date(timeIntervalSinceReferenceDate: 0.1)
        var url = URL(string: "https://example.org/a/b?c=d#e")
        var decimal = Decimal(string: "-1234567890123456789.0123456789")
        var bytes: [UInt8] = [1, 2, 3]
        var none: Int?
        var some: String? = "x"
        var dates: [Date] = [.distantPast, .distantFuture]
        var nested: [[String: [Int?]]] = [["a": [1, nil]], [:]]
        var byID: [UUID: Int] = [UUID(): 1]
        var byNumber: [Int: String] = [-1: "minus", 7: "seven"]
        var byWord: [Word: Int] = [.one: 1, .other: 2]
        var set: Set<String> = ["one", "two"]
        var range = 1..<5
        var deep: [[[Double]]] = [[[], [1, 2.5]], []]
        var structs: [String: Pair] = ["a": Pair(left: 1, right: nil), "b": Pair(left: 2, right: "x")]
    }

    private struct Pair: Codable, Equatable {
        var left: Int
        var right: String?
    }

    private enum Word: String, Codable, CodingKeyRepresentable { case one, other }

    private enum Suit: String, Codable { case hearts, spades }

    private indirect enum Expression: Codable, Equatable {
        case number(Int)
        case sum(Expression, Expression)
        case named(name: String, of: Expression?)
        case empty
    }

    @Test func everything() throws { try expectSameAsFoundation(Everything()) }

    @Test func enums() throws {
        try expectSameAsFoundation([Suit.hearts, .spades])
        try expectSameAsFoundation([Suit.hearts: 1])
        try expectSameAsFoundation(Expression.empty)
        try expectSameAsFoundation(Expression.sum(.number(1), .named(name: "x", of: .sum(.empty, .number(-5)))))
        #expect(try json(Expression.named(name: "x", of: nil)) == #"{"named":{"name":"x"}}"#)
        #expect(throws: DecodingError.self) { try parsed(Suit.self, #""clubs""#) }
        #expect(throws: DecodingError.self) { try parsed(Expression.self, #"{"empty":{},"number":{"_0":1}}"#) }
        #expect(try parsed(Expression.self, #"{"number":{"_0":1},"number":{"_0":2}}"#) == .number(2))
    }

    @Test func fragments() throws {
        try expectSameAsFoundation(1)
        try expectSameAsFoundation("text")
        try expectSameAsFoundation(true)
        try expectSameAsFoundation(-0.5)
        try expectSameAsFoundation(Int?.none)
        try expectSameAsFoundation(Int?.some(1))
        try expectSameAsFoundation(Pair?.none)
        try expectSameAsFoundation([Pair?.none, Pair(left: 1, right: "")])
        try expectSameAsFoundation(UUID())
        try expectSameAsFoundation(Suit?.some(.hearts))
    }

    @Test(arguments: [0, 1, 15, 16, 17, 18, 100, 3000])
    func sizes(count: Int) throws {
        try expectSameAsFoundation(String(repeating: "ö", count: count))
        try expectSameAsFoundation(String(repeating: "\"", count: count))
        try expectSameAsFoundation([UInt8](repeating: 7, count: count))
        try expectSameAsFoundation(Data(repeating: 7, count: count))
        try expectSameAsFoundation((0..<count).map { $0 % 2 == 0 ? "\($0)" : nil })
        try expectSameAsFoundation(Dictionary(uniqueKeysWithValues: (0..<count).map { ("key \($0)", $0) }))
        try expectSameAsFoundation(Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, "\($0)") }))
        try expectSameAsFoundation(
            Dictionary(uniqueKeysWithValues: (0..<count).map { ("\"\($0)\"", Pair(left: $0, right: nil)) }))
        try expectSameAsFoundation(Set(0..<count))
    }

    @Test func conventions() throws {
        #expect(try json(Date(timeIntervalSinceReferenceDate: 12.5)) == "12.5")
        #expect(try json(Data([1, 2, 3])) == #""AQID""#)
        #expect(try json([URL(string: "https://a.example/b")]) == #"["https://a.example/b"]"#)
        #expect(try json(Decimal(string: "12345678901234567890.5")) == "12345678901234567890.5")
        #expect(try json([1: "a"]) == #"{"1":"a"}"#)
        #expect(try json([true: 1]) == "[true,1]")
        #expect(try json([Word.one: 1]) == #"{"one":1}"#)
        #expect(try json("a/b\u{1}\u{7f}\"\\\n") == #""a/b\u0001"# + "\u{7f}" + #"\"\\\n""#)
        #expect(try json([Int?.none, 1]) == "[null,1]")
        #expect(
            try json([Double](arrayLiteral: 1, 0.1, -0.0, 1e300, .leastNonzeroMagnitude)) == "[1,0.1,-0,1e+300,5e-324]")
        #expect(try json([Float](arrayLiteral: 0.1, 16_777_216)) == "[0.1,16777216]")
        #expect(try json(Pair(left: 1, right: nil)) == #"{"left":1}"#)
    }

    @Test func properties() throws {
        for seed in 0..<400 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            try expectSameAsFoundation(RandomTree(depth: 5, &generator))
        }
    }

    @Test func everyTruncationIsRefused() throws {
        let text = try JSONStateEncoder().encode(Everything())
        for count in 0..<text.count { expectCorrupted(Everything.self, Array(text[..<count]), byte: count) }
    }
}
