import GranaryCore
import NIOCore
import Testing

/// The bytes that hexadecimal text names; spaces are passed over.
func bytes(_ hex: String) -> [UInt8] {
    var result: [UInt8] = []
    var upper: UInt8?
    for character in hex where character != " " {
        guard let digit = character.hexDigitValue else { preconditionFailure("no hexadecimal text") }
        if let high = upper {
            result.append(high << 4 | UInt8(digit))
            upper = nil
        } else {
            upper = UInt8(digit)
        }
    }
    return result
}

/// The value as CBOR.
func encoded<Value: Encodable>(_ value: Value, _ encoder: CBOREncoder = CBOREncoder()) throws -> [UInt8] {
    var buffer = ByteBuffer()
    try encoder.encode(value, into: &buffer)
    return Array(buffer.readableBytesView)
}

/// The value that CBOR bytes hold.
func decoded<Value: Decodable>(
    _ type: Value.Type, _ bytes: [UInt8], _ decoder: CBORDecoder = CBORDecoder()
) throws -> Value {
    try decoder.decode(type, exactly: ByteBuffer(bytes: bytes))
}

/// Writes a value, reads it back and expects the same.
func expectRoundTrip<Value: Codable & Equatable>(
    _ value: Value, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let bytes = try encoded(value)
    #expect(try decoded(Value.self, bytes) == value, sourceLocation: sourceLocation)
    try expectErrorForEveryTruncation(of: bytes, as: Value.self, sourceLocation: sourceLocation)
}

/// Expects every proper beginning of an item to be an error that leaves the buffer as it was.
func expectErrorForEveryTruncation<Value: Decodable>(
    of bytes: [UInt8], as type: Value.Type, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    for count in 0..<bytes.count {
        var buffer = ByteBuffer(bytes: bytes[..<count])
        let error = #expect(throws: CodecError.self, sourceLocation: sourceLocation) {
            _ = try CBORDecoder().decode(type, from: &buffer)
        }
        #expect(error?.code == .truncated, "\(String(describing: error))", sourceLocation: sourceLocation)
        #expect(buffer.readableBytes == count, sourceLocation: sourceLocation)
    }
}

/// Expects an error of one kind.
func expectError<Value: Decodable>(
    _ code: CodecError.Code, _ type: Value.Type, _ hex: String, _ decoder: CBORDecoder = CBORDecoder(),
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let error = #expect(throws: CodecError.self, sourceLocation: sourceLocation) {
        _ = try decoded(type, bytes(hex), decoder)
    }
    #expect(error?.code == code, "\(String(describing: error))", sourceLocation: sourceLocation)
}

/// A generator whose numbers follow from its seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
