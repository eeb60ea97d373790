/// Walks over CBOR items in memory.
///
/// Unsafe because every byte of every call passes here; safe because each access is preceded by a comparison with
/// `end`, lengths are compared as unsigned numbers before they become an offset, and readers live no longer than the
/// call that lends them the memory: whoever keeps a position gets a reader from the session, which is empty afterwards.
///
/// Public for what ``Coded()`` generates.
public struct CBORReader {
    /// Where offset 0 is.
    let base: UnsafeRawPointer?
    /// The offset behind the last readable byte.
    let end: Int
    /// The offset of the next byte.
    var position: Int
    /// How many arrays and maps contain the next item.
    @usableFromInline var depth: Int
    /// How many arrays and maps may contain each other.
    let maximumDepth: Int
    /// True when the limit on an item's length, not the input, sets `end`.
    let isClipped: Bool
    /// What `init(from:)` finds in its decoder's `userInfo`; lent as the bytes are.
    let userInfo: UnsafePointer<[CodingUserInfoKey: any Sendable]>?

    init(
        base: UnsafeRawPointer?, end: Int, position: Int, depth: Int, maximumDepth: Int, isClipped: Bool,
        userInfo: UnsafePointer<[CodingUserInfoKey: any Sendable]>?
    ) {
        self.base = base
        self.end = end
        self.position = position
        self.depth = depth
        self.maximumDepth = maximumDepth
        self.isClipped = isClipped
        self.userInfo = userInfo
    }

    /// How many bytes are left.
    var remaining: Int { max(0, end &- position) }

    /// The error for bytes that are not there.
    var shortage: CBORFault {
        isClipped
            ? CBORFault(.tooLarge, "the item is longer than the limit")
            : CBORFault(.truncated, "the bytes end inside the item")
    }

    /// The next byte, which stays where it is.
    @inline(__always)
    func peek() throws(CBORFault) -> UInt8 {
        guard position < end, let base else { throw shortage }
        return base.load(fromByteOffset: position, as: UInt8.self)
    }

    /// Reads a head, tags included.
    @usableFromInline
    @inline(__always)
    mutating func head() throws(CBORFault) -> CBORHead {
        guard position < end, let base else { throw shortage }
        let initial = base.load(fromByteOffset: position, as: UInt8.self)
        let info = initial & 0x1f
        position &+= 1
        if info < 24 { return CBORHead(initial: initial, argument: UInt64(truncatingIfNeeded: info)) }
        return try longHead(initial, info)
    }

    private mutating func longHead(_ initial: UInt8, _ info: UInt8) throws(CBORFault) -> CBORHead {
        switch info {
        case 24:
            let argument = try fixedWidth(UInt8.self)
            if initial >> 5 == CBORMajor.simple, argument < 32 {
                throw CBORFault(.malformed, "a simple value below 32 in two bytes")
            }
            return CBORHead(initial: initial, argument: UInt64(argument))
        case 25: return CBORHead(initial: initial, argument: UInt64(try fixedWidth(UInt16.self)))
        case 26: return CBORHead(initial: initial, argument: UInt64(try fixedWidth(UInt32.self)))
        case 27: return CBORHead(initial: initial, argument: try fixedWidth(UInt64.self))
        case 31:
            switch initial >> 5 {
            case CBORMajor.unsigned, CBORMajor.negative, CBORMajor.tag:
                throw CBORFault(.malformed, "an integer or a tag of indefinite length")
            default: return CBORHead(initial: initial, argument: 0)
            }
        default: throw CBORFault(.malformed, "a reserved head")
        }
    }

    @inline(__always)
    private mutating func fixedWidth<Bits: FixedWidthInteger>(_: Bits.Type) throws(CBORFault) -> Bits {
        guard end &- position >= MemoryLayout<Bits>.size, let base else { throw shortage }
        let bits = base.loadUnaligned(fromByteOffset: position, as: Bits.self)
        position &+= MemoryLayout<Bits>.size
        return Bits(bigEndian: bits)
    }

    /// Reads a head and passes over the tags before it.
    @inline(__always)
    mutating func untaggedHead() throws(CBORFault) -> CBORHead {
        var head = try head()
        while head.major == CBORMajor.tag { head = try self.head() }
        return head
    }

    /// Checks a declared length against what is left.
    @inline(__always)
    func checked(_ length: UInt64, bytesEach: UInt64 = 1) throws(CBORFault) -> Int {
        let room = UInt64(truncatingIfNeeded: remaining)
        guard length <= room / bytesEach else { throw shortage }
        return Int(truncatingIfNeeded: length)
    }

    /// Takes the next bytes; the pointer is good for as long as the reader's memory.
    @inline(__always)
    mutating func take(_ length: UInt64) throws(CBORFault) -> UnsafeRawBufferPointer {
        let count = try checked(length)
        let start = base.map { $0 + position }
        position &+= count
        return UnsafeRawBufferPointer(start: start, count: count)
    }

    /// Bytes at an offset that was read before; empty if they are no longer there.
    @inline(__always)
    func bytes(at offset: Int, count: Int) -> UnsafeRawBufferPointer {
        guard let base, offset >= 0, count >= 0, offset <= end, count <= end &- offset else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(start: base + offset, count: count)
    }

    /// Passes over a break, if one is next.
    @usableFromInline
    @inline(__always)
    mutating func readBreak() throws(CBORFault) -> Bool {
        guard try peek() == CBORByte.break else { return false }
        position &+= 1
        return true
    }

    /// Passes over `null`, if it is next; tags before it count with it.
    @usableFromInline
    @inline(__always)
    mutating func readNull() throws(CBORFault) -> Bool {
        let first = try peek()
        if first == CBORByte.null || first == CBORByte.undefined {
            position &+= 1
            return true
        }
        guard first >> 5 == CBORMajor.tag else { return false }
        let start = position
        if try untaggedHead().isNull { return true }
        position = start
        return false
    }
}
