import Foundation
import GranaryCore
import Testing

/// The value as JSON.
func json<Value: Encodable>(_ value: Value) throws -> String {
    String(decoding: try JSONStateEncoder().encode(value), as: UTF8.self)
}

/// The value that JSON holds.
func parsed<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
    try JSONStateDecoder().decode(type, from: Array(json.utf8))
}

/// Writes a value with both codecs and reads both texts with both, and expects the same value four times.
func expectSameAsFoundation<Value: Codable & Equatable>(
    _ value: Value, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let own = try JSONStateEncoder().encode(value)
    let foundations = [UInt8](try JSONEncoder().encode(value))
    #expect(try JSONStateDecoder().decode(Value.self, from: own) == value, sourceLocation: sourceLocation)
    #expect(try JSONStateDecoder().decode(Value.self, from: foundations) == value, sourceLocation: sourceLocation)
    #expect(try JSONDecoder().decode(Value.self, from: Data(own)) == value, sourceLocation: sourceLocation)
    #expect(try sorted(own) == sorted(foundations), sourceLocation: sourceLocation)
}

/// A text with its keys in order and without needless escapes, to compare two that mean the same.
private func sorted(_ text: [UInt8]) throws -> Data {
    let value = try JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
    return try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed])
}

/// Expects a text to be refused, and the error to name a byte.
func expectCorrupted<Value: Decodable>(
    _ type: Value.Type, _ json: String, byte: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
    expectCorrupted(type, Array(json.utf8), byte: byte, sourceLocation: sourceLocation)
}

/// Expects a text to be refused, and the error to name a byte.
func expectCorrupted<Value: Decodable>(
    _ type: Value.Type, _ json: [UInt8], byte: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
    let error = #expect(throws: DecodingError.self, sourceLocation: sourceLocation) {
        _ = try JSONStateDecoder().decode(type, from: json)
    }
    guard case .dataCorrupted(let context) = error else {
        Issue.record("\(String(describing: error))", sourceLocation: sourceLocation)
        return
    }
    let suffix = byte.map { "byte \($0)" } ?? ""
    #expect(context.debugDescription.contains("byte "), sourceLocation: sourceLocation)
    #expect(
        suffix.isEmpty || context.debugDescription.hasSuffix(suffix), "\(context.debugDescription)",
        sourceLocation: sourceLocation)
}

/// The kind, the type or key, and the path of an error, as text that can be compared.
func summary(of error: any Error) -> String {
    func path(_ context: DecodingError.Context) -> String {
        context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
    switch error {
    case DecodingError.typeMismatch(_, let context): return "typeMismatch at \(path(context))"
    case DecodingError.valueNotFound(_, let context): return "valueNotFound at \(path(context))"
    case DecodingError.keyNotFound(let key, let context): return "keyNotFound \(key.stringValue) at \(path(context))"
    case DecodingError.dataCorrupted(let context): return "dataCorrupted at \(path(context))"
    default: return "\(error)"
    }
}
