import GranaryCore
import NIOCore
import Testing

/// Bytes that want to do harm: each must end in an error, quickly.
struct CBORHostileInputTests {
    private struct Node: Codable, Equatable {
        var next: [Node]?
    }

    private struct Empty: Codable, Equatable {}

    private struct Sample: Codable, Equatable {
        var name: String
        var tags: [String]
        var scores: [String: Double]
        var child: [Sample]?
        var payload: [UInt8]
        var kind: Kind

        enum Kind: Codable, Equatable {
            case plain
            case weighted(Double, unit: String)
        }
    }

    @Test func depthBombs() throws {
        for head in ["81", "9f", "a16161", "bf6161", "d81881"] {
            let bomb = Array(repeatElement(bytes(head), count: 100_000).joined())
            for error in [codecError(Empty.self, bomb + [0x80]), codecError(Node.self, bomb)] {
                #expect([.tooDeep, .typeMismatch].contains(error?.code), "\(head): \(String(describing: error))")
            }
            #expect(codecError(Empty.self, bytes("a16178") + bomb)?.code == .tooDeep)
        }
        let tags = [UInt8](repeating: 0xc1, count: 1_000_000)
        #expect(codecError(Int.self, tags)?.code == .truncated)
        #expect(codecError(Empty.self, tags)?.code == .truncated)
        let nodes = Array(repeatElement(bytes("a1646e65787481"), count: 1000).joined())
        #expect(codecError(Node.self, nodes)?.code == .tooDeep)
    }

    @Test func depthLimitIsExact() throws {
        func nested(_ depth: Int) -> [UInt8] { Array(repeating: 0x81, count: depth - 1) + [0x80] }
        let wrapped = { bytes("a16178") + nested($0) }
        #expect(try decoded(Empty.self, wrapped(127)) == Empty())
        #expect(codecError(Empty.self, wrapped(128))?.code == .tooDeep)
        let decoder = CBORDecoder(limits: .init(maximumDepth: 2))
        #expect(try decoded([[Int]].self, bytes("8180"), decoder) == [[]])
        expectError(.tooDeep, [[[Int]]].self, "818180", decoder)
        #expect(throws: CodecError.self) { try encoded([[[[1]]]], CBOREncoder(maximumDepth: 2)) }
    }

    @Test func encoderRefusesWhatTheDecoderWould() throws {
        func chain(_ length: Int) -> Node { (1..<length).reduce(Node()) { node, _ in Node(next: [node]) } }
        try expectRoundTrip(chain(64))
        let error = #expect(throws: CodecError.self) { try encoded(chain(65)) }
        #expect(error?.code == .tooDeep)
        #expect(throws: CodecError.self) { try encoded(chain(300)) }
    }

    @Test(arguments: [
        "5bffffffffffffffff", "7bffffffffffffffff", "9bffffffffffffffff", "bbffffffffffffffff",
        "5b7fffffffffffffff", "7b7fffffffffffffff", "9b7fffffffffffffff", "bb7fffffffffffffff", "5affffffff",
        "9affffffff00",
        "ba80000000", "a1617b9bffffffffffffffff", "c25bffffffffffffffff", "9fff9f", "5f5bffffffffffffffff",
    ])
    func lengthBombs(hex: String) {
        let bomb = bytes(hex)
        #expect(codecError([Int].self, bomb) != nil)
        #expect(codecError([String].self, bomb) != nil)
        #expect(codecError(String.self, bomb) != nil)
        #expect(codecError([UInt8].self, bomb) != nil)
        #expect(codecError([String: Int].self, bomb) != nil)
        #expect(codecError([Empty].self, bomb) != nil)
        #expect(codecError(Sample.self, bomb) != nil)
        #expect(codecError(Empty.self, bytes("a16178") + bomb) != nil)
    }

    @Test func declaredLengthsBeyondTheRestAreTruncations() {
        expectError(.truncated, String.self, "63616")
        expectError(.truncated, String.self, "7bffffffffffffffff")
        expectError(.truncated, [Int].self, "9bffffffffffffffff")
        expectError(.truncated, [String: Int].self, "bb7fffffffffffffff")
        expectError(.truncated, [UInt8].self, "5a00100000ff")
    }

    @Test(arguments: ["1c", "1d", "1e", "1f", "3f", "df00", "f800", "f81f", "fc", "fd", "fe", "ff"])
    func malformedHeads(hex: String) {
        expectError(.malformed, Empty.self, "a16178\(hex)")
    }

    @Test func malformedStrings() {
        expectError(.malformed, String.self, "7f4161ff")
        expectError(.malformed, String.self, "7f7f6161ffff")
        expectError(.malformed, [UInt8].self, "5f6161ff")
        expectError(.malformed, Empty.self, "bf6161ff")
    }

    @Test(arguments: ["61ff", "62c080", "63eda080", "64f4908080", "61c3", "7f61c361bcff", "64f09f9161"])
    func textThatIsNotUTF8(hex: String) {
        expectError(.malformed, String.self, hex)
        expectError(.malformed, [String].self, "81\(hex)")
        expectError(.malformed, [String: Int].self, "a1\(hex)01")
    }

    @Test func duplicateKeys() {
        expectError(.duplicateKey, [String: Int].self, "a2616101616102")
        expectError(.duplicateKey, [Int: Int].self, "a20102180103")
        expectError(.duplicateKey, Node.self, "bf616101616202616103ff")
        var many: [UInt8] = [0xb8, 60]
        for letter in 0..<59 { many += [0x62, 0x61, 0x41 + UInt8(letter), 0x00] }
        #expect(codecError([String: Int].self, many + bytes("62614101"))?.code == .duplicateKey)
        #expect(codecError([String: Int].self, many + bytes("62627a01")) == nil)
    }

    @Test func limitOnBytes() throws {
        let decoder = CBORDecoder(limits: .init(maximumBytes: 5))
        #expect(try decoded(String.self, bytes("6461626364"), decoder) == "abcd")
        expectError(.tooLarge, String.self, "656162636465", decoder)
    }

    @Test func wrongTypes() {
        expectError(.typeMismatch, Int.self, "6131")
        expectError(.typeMismatch, Int.self, "f93c00")
        expectError(.typeMismatch, Int.self, "f6")
        expectError(.typeMismatch, String.self, "4161")
        expectError(.typeMismatch, Bool.self, "01")
        expectError(.typeMismatch, [Int].self, "a0")
        expectError(.typeMismatch, [String: Int].self, "80")
        expectError(.typeMismatch, Double.self, "6130")
        expectError(.missingKey, Sample.self, "a0")
        expectError(.trailing, Int.self, "0101")
    }

    @Test func fuzz() async throws {
        var generator = SeededGenerator(seed: 8949)
        let leaf = Sample(
            name: "leaf", tags: ["a", "bb", "ccc"], scores: ["x": 1.5, "y": -.infinity], child: nil,
            payload: [1, 2, 3], kind: .weighted(2.5, unit: "kg"))
        var root = leaf
        root.child = [leaf, leaf]
        root.kind = .plain
        let seeds = [
            try encoded(root), try encoded(leaf), try encoded(Array(repeating: leaf, count: 30)),
            bytes("bf61610161629f0203ffff"), bytes("9f018202039f0405ffff"), bytes("7f657374726561646d696e67ff"),
        ]
        var survivors = 0
        for round in 0..<120_000 {
            // Others run beside it, whose calls have a time to keep.
            if round % 500 == 0 { await Task.yield() }
            var input = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&input, &generator) }
            if survives(input, round) { survivors += 1 }
        }
        // Some mutations only change a number or a letter: without survivors the test would prove nothing.
        #expect(survivors > 1000)
    }

    private func mutate(_ input: inout [UInt8], _ generator: inout SeededGenerator) {
        guard !input.isEmpty else { return input.append(UInt8.random(in: 0...255, using: &generator)) }
        let place = Int.random(in: 0..<input.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: input[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: input[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2: input.remove(at: place)
        case 3: input.insert(UInt8.random(in: 0...255, using: &generator), at: place)
        default: input.removeSubrange(place..<min(input.count, place + 3))
        }
    }

    /// Decodes as several types; what can be decoded must survive another round trip.
    private func survives(_ input: [UInt8], _ round: Int) -> Bool {
        var buffer = ByteBuffer(bytes: input)
        switch round % 4 {
        case 0:
            guard let value = try? CBORDecoder().decode(Sample.self, from: &buffer) else { break }
            #expect((try? encoded(value)) != nil)
            return true
        case 1:
            guard let value = try? CBORDecoder().decode([Sample].self, from: &buffer) else { break }
            #expect((try? encoded(value)) != nil)
            return true
        case 2: return (try? CBORDecoder().decode(Empty.self, from: &buffer)) != nil
        default: return (try? CBORDecoder().decode([String: [String]].self, from: &buffer)) != nil
        }
        #expect(buffer.readableBytes == input.count)
        return false
    }

    private func codecError<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) -> CodecError? {
        do {
            _ = try decoded(type, bytes)
            return nil
        } catch {
            return error as? CodecError
        }
    }
}
