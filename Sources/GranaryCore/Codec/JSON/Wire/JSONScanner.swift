/// Checks a text from beginning to end against RFC 8259, and makes the nodes of its values.
///
/// One pass, without recursion: each byte is looked at once, and whatever `Codable` asks for later, however often, needs
/// no second look at what is between two values.
///
/// Unsafe because every byte of every state passes here; safe because each access is preceded by a comparison with
/// ``end``, and a scanner lives no longer than the call that lends it the text.
struct JSONScanner {
    let base: UnsafeRawPointer
    let end: Int
    var position = 0
    private(set) var nodes: ContiguousArray<JSONNode> = []
    private let maximumDepth: Int

    /// Makes a scanner of a text that is shorter than 4 GiB.
    init(base: UnsafeRawPointer, count: Int, maximumDepth: Int) {
        self.base = base
        end = count
        self.maximumDepth = maximumDepth
        nodes.reserveCapacity(min(count / 4, 1 << 16) + 4)
    }

    /// Makes the nodes.
    ///
    /// Behind the last one is one more, a `null` for those who need a value where there is none.
    mutating func scan() throws(JSONFault) {
        var container = UInt32.max
        var depth = 0
        repeat {
            let byte = try visibleByte()
            if byte == JSONByte.openObject || byte == JSONByte.openArray {
                guard depth < maximumDepth else { throw fault("arrays and objects are nested too deeply") }
                depth &+= 1
                let isObject = byte == JSONByte.openObject
                add(isObject ? .object : .array, offset: position, count: 0, next: container)
                container = UInt32(truncatingIfNeeded: nodes.count &- 1)
                position &+= 1
                if try visibleByte() != (isObject ? JSONByte.closeObject : JSONByte.closeArray) {
                    if isObject { try scanKey() }
                    continue
                }
            } else {
                try scanScalar(byte)
                if container == .max { break }
                nodes[Int(container)].count &+= 1
            }
            try closeContainers(&container, &depth)
        } while container != .max
        skipSpace()
        guard position == end else { throw fault("something follows the value") }
        add(.null, offset: position, count: 0)
    }

    /// Goes on behind a value, to the next one or to the end of the text.
    @inline(__always)
    private mutating func closeContainers(_ container: inout UInt32, _ depth: inout Int) throws(JSONFault) {
        while container != .max {
            let byte = try visibleByte()
            let index = Int(container)
            let isObject = nodes[index].kind == .object
            if byte == JSONByte.comma {
                position &+= 1
                if isObject {
                    _ = try visibleByte()
                    try scanKey()
                }
                return
            }
            guard byte == (isObject ? JSONByte.closeObject : JSONByte.closeArray) else {
                throw fault("a comma or the end of the container is missing")
            }
            position &+= 1
            container = nodes[index].next
            depth &-= 1
            nodes[index].next = UInt32(truncatingIfNeeded: nodes.count)
            if container != .max { nodes[Int(container)].count &+= 1 }
        }
    }

    @inline(__always)
    private mutating func scanKey() throws(JSONFault) {
        guard try byte() == JSONByte.quote else { throw fault("a key is missing") }
        try scanString()
        guard try visibleByte() == JSONByte.colon else { throw fault("a colon is missing") }
        position &+= 1
    }

    private mutating func scanScalar(_ byte: UInt8) throws(JSONFault) {
        switch byte {
        case JSONByte.quote: try scanString()
        case JSONByte.minus, UInt8(ascii: "0")...UInt8(ascii: "9"): try scanNumber()
        case UInt8(ascii: "t"): try scanWord("true", .true)
        case UInt8(ascii: "f"): try scanWord("false", .false)
        case UInt8(ascii: "n"): try scanWord("null", .null)
        default: throw fault("no value begins like this")
        }
    }

    private mutating func scanWord(_ word: StaticString, _ kind: JSONNode.Kind) throws(JSONFault) {
        let start = position
        let letters = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        for letter in letters {
            guard try byte() == letter else { throw fault("no value begins like this") }
            position &+= 1
        }
        add(kind, offset: start, count: 0)
    }

    /// Adds a node.
    @inline(__always)
    mutating func add(
        _ kind: JSONNode.Kind, isPlain: Bool = false, offset: Int, count: Int, next: UInt32? = nil
    ) {
        nodes.append(
            JSONNode(
                kind: kind, isPlain: isPlain, offset: UInt32(truncatingIfNeeded: offset),
                count: UInt32(truncatingIfNeeded: count),
                next: next ?? UInt32(truncatingIfNeeded: nodes.count &+ 1)))
    }
}
