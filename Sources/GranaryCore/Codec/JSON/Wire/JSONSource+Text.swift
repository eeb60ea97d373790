extension JSONSource {
    /// Reads text.
    @inline(__always)
    func text(_ index: Int) throws(JSONFault) -> String {
        let node = node(index)
        guard node.kind == .string else { throw mismatch("expected a string", index) }
        return text(node)
    }

    /// The text of a string or a key of this source.
    @usableFromInline
    @inline(__always)
    func text(_ node: JSONNode) -> String {
        let bytes = bytes(node)
        return node.isPlain ? String(decoding: bytes, as: UTF8.self) : Self.unescaped(bytes)
    }

    /// True when a key is the given UTF-8.
    @inline(__always)
    func isKey(_ index: Int, _ name: UnsafeRawBufferPointer) -> Bool {
        let node = node(index)
        if node.isPlain { return CBORKeyBytes.equal(bytes(node), name) }
        // An escape is two to six times as long as what it stands for; other keys need not be resolved.
        guard node.kind == .string, name.count < node.count, Int(node.count) <= 6 &* name.count else { return false }
        return withEscapedKey(node) { CBORKeyBytes.equal($0, name) }
    }

    /// True when two keys are the same.
    func haveSameKey(_ index: Int, _ other: Int) -> Bool {
        withKey(other) { name in isKey(index, name) }
    }

    /// Calls a closure with a key's UTF-8.
    @inline(__always)
    func withKey<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let node = node(index)
        return node.isPlain ? body(bytes(node)) : withEscapedKey(node, body)
    }

    @inline(never)
    private func withEscapedKey<Result>(_ node: JSONNode, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        var text = Self.unescaped(bytes(node))
        return text.withUTF8 { utf8 in body(UnsafeRawBufferPointer(utf8)) }
    }

    /// Resolves the escapes of a string that the scanner has checked; the result is never longer than the input.
    @inline(never)
    private static func unescaped(_ bytes: UnsafeRawBufferPointer) -> String {
        String(unsafeUninitializedCapacity: bytes.count) { target in
            var read = 0
            var written = 0
            while read < bytes.count {
                let byte = bytes[read]
                if byte == JSONByte.backslash {
                    let scalar = escape(bytes, at: &read)
                    for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                        target[written] = unit
                        written += 1
                    }
                } else {
                    target[written] = byte
                    read += 1
                    written += 1
                }
            }
            return written
        }
    }

    private static func escape(_ bytes: UnsafeRawBufferPointer, at read: inout Int) -> Unicode.Scalar {
        let letter = bytes[read + 1]
        read += 2
        switch letter {
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = UInt32(hexUnit(bytes, at: &read))
            guard unit & 0xf800 == 0xd800 else { return Unicode.Scalar(unit) ?? "\u{fffd}" }
            read += 2
            let low = UInt32(hexUnit(bytes, at: &read))
            return Unicode.Scalar(0x10000 + (unit & 0x3ff) << 10 + low & 0x3ff) ?? "\u{fffd}"
        default: return Unicode.Scalar(letter)
        }
    }

    private static func hexUnit(_ bytes: UnsafeRawBufferPointer, at read: inout Int) -> UInt16 {
        var unit: UInt16 = 0
        for place in read..<read + 4 { unit = unit << 4 | (JSONByte.hexDigit(bytes[place]) ?? 0) }
        read += 4
        return unit
    }
}
