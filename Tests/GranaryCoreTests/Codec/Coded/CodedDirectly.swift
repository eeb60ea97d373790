@testable import GranaryCore

/// What a type writes without the help of `Codable`.
func directBytes(_ value: some Coded) throws -> [UInt8] {
    var writer = CBORWriter(maximumDepth: 128)
    try value._write(to: &writer)
    return [UInt8](writer.bytes)
}

/// What a type writes as JSON without the help of `Codable`.
func directText(_ value: some Coded) throws -> String {
    var writer = CBORWriter(maximumDepth: 512)
    try value._writeJSON(to: &writer)
    return String(decoding: writer.bytes, as: UTF8.self)
}

/// What a type reads without the help of `Codable`.
func directly<Value: Coded>(_ type: Value.Type, _ bytes: [UInt8]) throws -> Value {
    try bytes.withUnsafeBytes { bytes in
        var reader = CBORReader(
            base: bytes.baseAddress, end: bytes.count, position: 0, depth: 0, maximumDepth: 128, isClipped: false,
            userInfo: nil)
        return try Value._read(from: &reader)
    }
}

/// What a type reads of JSON without the help of `Codable`.
func directly<Value: Coded>(_ type: Value.Type, json: String) throws -> Value {
    try Array(json.utf8).withUnsafeBytes { text in
        guard let base = text.baseAddress else { throw JSONFault.unsure }
        var scanner = JSONScanner(base: base, count: text.count, maximumDepth: 512)
        try scanner.scan()
        return try scanner.nodes.withUnsafeBufferPointer { nodes in
            try withUnsafePointer(to: [:]) { userInfo in
                try Value._readJSON(0, of: JSONSource(base: base, nodes: nodes, userInfo: userInfo))
            }
        }
    }
}
