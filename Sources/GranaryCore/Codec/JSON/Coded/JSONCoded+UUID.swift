public import struct FoundationEssentials.UUID

// Foundation formats and parses with the C library's `printf` and `scanf`, which take most of the time of a small value.
extension UUID: _JSONCoded {
    /// Appends a string with the groups of hexadecimal digits.
    public func _writeJSON(to writer: inout CBORWriter) {
        withUnsafeBytes(of: uuid) { bytes in
            writer.append(atMost: 38) { target in
                var place = 1
                for (index, byte) in bytes.enumerated() {
                    if Self.groups & 1 << index != 0 {
                        target.storeBytes(of: JSONByte.minus, toByteOffset: place, as: UInt8.self)
                        place &+= 1
                    }
                    target.storeBytes(of: Self.digit(byte >> 4), toByteOffset: place, as: UInt8.self)
                    target.storeBytes(of: Self.digit(byte & 15), toByteOffset: place &+ 1, as: UInt8.self)
                    place &+= 2
                }
                target.storeBytes(of: JSONByte.quote, as: UInt8.self)
                target.storeBytes(of: JSONByte.quote, toByteOffset: 37, as: UInt8.self)
                return 38
            }
        }
    }

    /// One bit for each byte that begins a group.
    private static var groups: Int { 1 << 4 | 1 << 6 | 1 << 8 | 1 << 10 }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? JSONByte.zero &+ value : UInt8(ascii: "A") &- 10 &+ value
    }

    /// Reads the value of a node.
    public static func _readJSON(_ index: Int, of source: JSONSource) throws(JSONFault) -> UUID {
        let node = source.node(index)
        if node.kind == .string, node.isPlain, let value = parse(source.bytes(node)) { return value }
        guard let value = UUID(uuidString: try source.text(index)) else {
            throw source.corrupted("text that is no UUID", index)
        }
        return value
    }

    /// Reads the usual form.
    private static func parse(_ text: UnsafeRawBufferPointer) -> UUID? {
        guard text.count == 36 else { return nil }
        var value: UUIDBytes = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        let isWhole = withUnsafeMutableBytes(of: &value) { bytes in
            var place = 0
            for index in 0..<16 {
                if Self.groups & 1 << index != 0 {
                    guard text[place] == JSONByte.minus else { return false }
                    place &+= 1
                }
                guard let high = JSONByte.hexDigit(text[place]), let low = JSONByte.hexDigit(text[place &+ 1]) else {
                    return false
                }
                bytes[index] = UInt8(truncatingIfNeeded: high << 4 | low)
                place &+= 2
            }
            return true
        }
        return isWhole ? UUID(uuid: value) : nil
    }
}
