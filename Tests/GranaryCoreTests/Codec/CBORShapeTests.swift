import FoundationEssentials
import GranaryCore
import NIOCore
import Testing

/// Values of every kind that `Codable` knows, written and read back.
struct CBORShapeTests {
    private struct Everything: Codable, Equatable {
        var bool = true
        var int = Int.min
        var int8 = Int8.min
        var int16 = Int16.max
        var int32 = Int32.min
        var int64 = Int64.max
        var int128 = Int128.min
        var uint = UInt.max
        var uint8 = UInt8.max
        var uint16 = UInt16.max
        var uint32 = UInt32.max
        var uint64 = UInt64.max
        var uint128 = UInt128.max
        var double = -0.1
        var float: Float = 0.1
        var text = "naïve 👩‍👩‍👧‍👦 \u{0} e\u{301}"
        var uuid = UUID()
        var data = Data([0, 255, 128])
        var date = Date(timeIntervalSinceReferenceDate: 0.1)
        var bytes: [UInt8] = [1, 2, 3]
        var none: Int?
        var some: String? = "x"
        var noBytes: [UInt8]?
        var someUUID: UUID? = UUID()
        var dates: [Date] = [.distantPast, .distantFuture]
        var nested: [[String: [Int?]]] = [["a": [1, nil]], [:]]
        var byID: [UUID: Int] = [UUID(): 1]
        var byNumber: [Int: String] = [-1: "minus", 7: "seven"]
        var set: Set<String> = ["one", "two"]
        var range = 1..<5
    }

    private enum Suit: String, Codable { case hearts, spades }

    private enum Rank: Int, Codable {
        case ace = 1
        case king = 13
    }

    private indirect enum Expression: Codable, Equatable {
        case number(Int)
        case sum(Expression, Expression)
        case named(name: String, of: Expression?)
        case empty
    }

    @Test func everything() throws { try expectRoundTrip(Everything()) }

    @Test func enums() throws {
        try expectRoundTrip([Suit.hearts, .spades])
        try expectRoundTrip([Rank.ace: Suit.spades])
        #expect(try encoded(Suit.hearts) == encoded("hearts"))
        try expectRoundTrip(Expression.empty)
        try expectRoundTrip(Expression.sum(.number(1), .named(name: "x", of: .sum(.empty, .number(-5)))))
        let error = #expect(throws: CodecError.self) { try decoded(Suit.self, encoded("clubs")) }
        #expect(error?.code == .invalidValue)
        expectError(.invalidValue, Rank.self, "02")
    }

    @Test(arguments: [0, 1, 22, 23, 24, 25, 255, 256, 70_000])
    func sizes(count: Int) throws {
        func same<Value: Codable & Equatable>(_ value: Value) throws {
            #expect(try decoded(Value.self, encoded(value)) == value)
        }
        try same(String(repeating: "ö", count: count))
        try same([UInt8](repeating: 7, count: count))
        try same(Data(repeating: 7, count: count))
        try same(Array(0..<count))
        try same((0..<count).map { Optional($0) })
        try same((0..<count).map { $0 % 2 == 0 ? "\($0)" : nil })
        try same((0..<count).map { [$0] })
        try same(Dictionary(uniqueKeysWithValues: (0..<count).map { ("key \($0)", $0) }))
        try same(Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, "\($0)") }))
        try same(Set(0..<count))
    }

    @Test(arguments: [0.0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .pi, -1e-300])
    func doublesKeepEveryBit(value: Double) throws {
        #expect(try decoded(Double.self, encoded(value)).bitPattern == value.bitPattern)
        #expect(try decoded([Double].self, encoded([value]))[0].bitPattern == value.bitPattern)
        let float = Float(value)
        #expect(try decoded(Float.self, encoded(float)).bitPattern == float.bitPattern)
    }

    @Test func notANumberKeepsItsPayload() throws {
        let value = Double(nan: 0x1234, signaling: false)
        #expect(try decoded(Double.self, encoded(value)).bitPattern == value.bitPattern)
        #expect(try decoded(Float.self, encoded(Float.nan)).isNaN)
    }

    @Test func integersMustFit() throws {
        try expectRoundTrip([Int64.min, -1, 0, 1, Int64.max])
        try expectRoundTrip([UInt64.min, UInt64.max])
        try expectRoundTrip([Int128.min, Int128(Int64.min) - 1, Int128(Int64.min), Int128(UInt64.max), Int128.max])
        for type in [Int8.self, Int16.self, Int32.self, Int64.self, UInt8.self, UInt32.self] as [any Decodable.Type] {
            let error = #expect(throws: CodecError.self) { try decoded(type, encoded(UInt64.max)) }
            #expect(error?.code == .numberOutOfRange)
        }
        expectError(.numberOutOfRange, UInt.self, "20")
        expectError(.numberOutOfRange, Int64.self, "3b8000000000000000")
        expectError(.numberOutOfRange, UInt128.self, "c2510100000000000000000000000000000000")
        expectError(.numberOutOfRange, Double.self, "1b0020000000000001")
        expectError(.numberOutOfRange, Float.self, "fb7e37e43c8800759c")
        #expect(try decoded(Int.self, bytes("1b0000000000000001")) == 1)
        #expect(try decoded(Int8.self, bytes("3a00000000")) == -1)
        #expect(try decoded(Int.self, bytes("c24101")) == 1)
        #expect(try decoded(Double.self, bytes("29")) == -10)
    }

    @Test func uuids() throws {
        let uuid = try #require(UUID(uuidString: "00112233-4455-6677-8899-AABBCCDDEEFF"))
        #expect(try encoded(uuid) == bytes("d8255000112233445566778899aabbccddeeff"))
        #expect(try decoded(UUID.self, bytes("5000112233445566778899aabbccddeeff")) == uuid)
        #expect(try decoded(UUID.self, encoded(uuid.uuidString)) == uuid)
        expectError(.invalidValue, UUID.self, "6161")
        expectError(.typeMismatch, UUID.self, "4161")
        try expectRoundTrip([uuid, uuid])
    }

    @Test func optionals() throws {
        try expectRoundTrip(Int?.some(1))
        try expectRoundTrip(Everything?.none)
        try expectRoundTrip([Suit?.none, .hearts])
        try expectRoundTrip(["a": Int?.none, "b": 2])
        try expectRoundTrip([UUID?.none, UUID()])
    }

    @Test func oneItemIsReadAndTheRestIsLeft() throws {
        var buffer = ByteBuffer(string: "before")
        buffer.moveReaderIndex(forwardBy: 6)
        try CBOREncoder().encode("one", into: &buffer)
        try CBOREncoder().encode(["two": [2]], into: &buffer)
        try CBOREncoder().encode(Int?.none, into: &buffer)
        try CBOREncoder().encode(Suit.spades, into: &buffer)
        let decoder = CBORDecoder()
        #expect(try decoder.decode(String.self, from: &buffer) == "one")
        #expect(try decoder.decode([String: [Int]].self, from: &buffer) == ["two": [2]])
        #expect(try decoder.decode(Int?.self, from: &buffer) == nil)
        #expect(try decoder.decode(Suit.self, from: &buffer) == .spades)
        #expect(buffer.readableBytes == 0)
        let error = #expect(throws: CodecError.self) { try decoder.decode(Int.self, from: &buffer) }
        #expect(error?.code == .truncated)
    }

    @Test func encodingErrorsLeaveTheBuffer() throws {
        struct Refusing: Encodable {
            struct Refusal: Error {}
            func encode(to encoder: any Encoder) throws {
                var container = encoder.unkeyedContainer()
                for number in 0..<1000 { try container.encode(number) }
                throw Refusal()
            }
        }
        var buffer = ByteBuffer(string: "kept")
        #expect(throws: Refusing.Refusal.self) { try CBOREncoder().encode([Refusing()], into: &buffer) }
        #expect(buffer == ByteBuffer(string: "kept"))
    }

    @Test func properties() throws {
        for seed in 0..<300 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let tree = RandomTree(depth: 5, &generator)
            let bytes = try encoded(tree)
            #expect(try decoded(RandomTree.self, bytes) == tree, "seed \(seed)")
            if bytes.count < 1500 { try expectErrorForEveryTruncation(of: bytes, as: RandomTree.self) }
        }
    }
}
