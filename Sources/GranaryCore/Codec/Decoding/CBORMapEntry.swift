/// An entry of a map that was walked over: its key, and where its value is.
struct CBORMapEntry {
    enum Key {
        /// Text in the input.
        case text(offset: Int, count: Int)
        /// Text that comes in chunks, from its head on.
        case chunkedText(offset: Int)
        /// An integer that fits `Int`.
        case integer(Int)
        /// A key that no Swift type asks for.
        case other
    }

    let key: Key
    /// The offset of the value.
    let value: Int

    /// Reads a key; the reader is at the value afterwards.
    @inline(__always)
    init(from reader: inout CBORReader, depth: Int) throws(CBORFault) {
        let start = reader.position
        let head = try reader.head()
        if head.major == CBORMajor.text, !head.isIndefinite {
            let count = try reader.checked(head.argument)
            key = .text(offset: reader.position, count: count)
            reader.position &+= count
        } else {
            reader.position = start
            key = try Self.unusualKey(from: &reader, head, depth: depth)
        }
        value = reader.position
    }

    private static func unusualKey(
        from reader: inout CBORReader, _ first: CBORHead, depth: Int
    ) throws(CBORFault) -> Key {
        let start = reader.position
        let head = try reader.untaggedHead()
        reader.position = start
        switch head.major {
        case CBORMajor.text:
            _ = try reader.text()
            return .chunkedText(offset: start)
        case CBORMajor.unsigned, CBORMajor.negative:
            let number = try reader.integer(Int128.self)
            return Int(exactly: number).map { .integer($0) } ?? .other
        default:
            try reader.skip(depth: depth)
            return .other
        }
    }

    /// Text that was read before, again; empty if the bytes are gone, which no key is.
    private static func text(at offset: Int, _ reader: CBORReader) -> String {
        var reader = reader
        reader.position = offset
        return (try? reader.text()) ?? ""
    }

    /// Calls a closure with the key's UTF-8, if it is text.
    @inline(__always)
    func withText<Result>(_ reader: CBORReader, _ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        switch key {
        case .text(let offset, let count): return body(reader.bytes(at: offset, count: count))
        case .chunkedText(let offset):
            var text = Self.text(at: offset, reader)
            return text.withUTF8 { utf8 in body(UnsafeRawBufferPointer(utf8)) }
        case .integer, .other: return nil
        }
    }

    /// The key as a Swift type has it; `nil` if it has none.
    func codingKey<SwiftKey: CodingKey>(_ reader: CBORReader) throws(CBORFault) -> SwiftKey? {
        if case .integer(let number) = key { return SwiftKey(intValue: number) }
        guard let name = try name(reader) else { return nil }
        return SwiftKey(stringValue: name)
    }

    /// The key as text; integers in decimal, as `Codable` writes them.
    @inline(__always)
    func name(_ reader: CBORReader) throws(CBORFault) -> String? {
        switch key {
        case .text(let offset, let count): try CBORReader.validated(reader.bytes(at: offset, count: count))
        case .chunkedText(let offset): Self.text(at: offset, reader)
        case .integer(let number): String(number)
        case .other: nil
        }
    }

    /// True when a Swift key means this entry.
    @inline(__always)
    func matches(_ name: String, _ number: Int?, _ reader: CBORReader) -> Bool {
        if case .integer(let integer) = key { return integer == number }
        return withText(reader) { text in CBORKeyBytes.equal(text, name) } ?? false
    }

    /// True when both keys are the same text or the same integer.
    func hasSameKey(as other: CBORMapEntry, _ reader: CBORReader) -> Bool {
        switch (key, other.key) {
        case (.integer(let mine), .integer(let theirs)): return mine == theirs
        case (.integer, _), (_, .integer): return false
        default:
            let same = withText(reader) { mine in other.withText(reader) { CBORKeyBytes.equal(mine, $0) } }
            return (same ?? nil) ?? false
        }
    }

    /// A number between 0 and 63 that equal keys share; cheap, and not safe against choice: it only spares comparisons.
    @inline(__always)
    func fingerprint(_ reader: CBORReader) -> UInt64 {
        if case .integer(let number) = key { return UInt64(truncatingIfNeeded: number & 63) }
        let number = withText(reader) { text in
            guard let first = text.first, let last = text.last else { return 0 }
            return text.count &+ Int(first) &* 5 &+ Int(last) &* 3 &+ Int(text[text.count / 2]) &* 7
        }
        return UInt64(truncatingIfNeeded: (number ?? 0) & 63)
    }

    /// The hash for a table that strangers fill, seeded anew in every process; `nil` for keys that nobody looks up.
    func hash(_ reader: CBORReader) -> Int? {
        if case .integer(let number) = key { return Self.hash(number) }
        return withText(reader) { text in CBORKeyBytes.hash(text) }
    }

    /// The hash of an integer key.
    static func hash(_ number: Int) -> Int {
        var hasher = Hasher()
        hasher.combine(number)
        return hasher.finalize()
    }
}
