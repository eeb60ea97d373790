/// Appends CBOR items to memory.
///
/// It starts in memory lent by the caller and moves to memory of its own when that is full. Unsafe because every byte
/// of every call passes here; safe because `reserve(_:)` is the only way to a pointer, it checks the capacity first,
/// and lent memory is given up with `forgetLentMemory()` before the loan ends. A writer that somebody kept beyond
/// that has no capacity and writes into memory of its own.
///
/// Public for what ``Coded()`` generates.
public struct CBORWriter: ~Copyable {
    private var base: UnsafeMutableRawPointer?
    private var capacity: Int
    private var ownsMemory = false
    /// How many bytes were written.
    private(set) var count = 0
    /// How many arrays and maps contain the next item, where types write themselves; encoders count for themselves.
    var depth = 0
    /// How many arrays and maps may contain each other.
    let maximumDepth: Int
    /// What `encode(to:)` finds in its encoder's `userInfo`.
    let userInfo: [CodingUserInfoKey: any Sendable]

    /// Makes a writer without memory.
    init(maximumDepth: Int = 0, userInfo: [CodingUserInfoKey: any Sendable] = [:]) {
        base = nil
        capacity = 0
        self.maximumDepth = maximumDepth
        self.userInfo = userInfo
    }

    /// Makes a writer that starts in lent memory.
    init(
        lent memory: UnsafeMutableRawBufferPointer, maximumDepth: Int, userInfo: [CodingUserInfoKey: any Sendable]
    ) {
        base = memory.baseAddress
        capacity = memory.count
        self.maximumDepth = maximumDepth
        self.userInfo = userInfo
    }

    deinit {
        if ownsMemory { base?.deallocate() }
    }

    /// The bytes, for as long as nothing more is written.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// True while all that was written is in the memory that the caller lent.
    var isInLentMemory: Bool { !ownsMemory }

    /// Lets go of the lent memory; afterwards the writer is empty.
    mutating func forgetLentMemory() {
        guard !ownsMemory else { return }
        base = nil
        capacity = 0
        count = 0
    }

    /// A pointer to at least `size` writable bytes behind what was written; `size` is not zero.
    @inline(__always)
    private mutating func reserve(_ size: Int) -> UnsafeMutableRawPointer {
        if capacity &- count < size { grow(by: size) }
        return base.unsafelyUnwrapped + count
    }

    @inline(never)
    private mutating func grow(by size: Int) {
        let larger = max(256, capacity * 2, count + size)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        if let base {
            memory.copyMemory(from: base, byteCount: count)
            if ownsMemory { base.deallocate() }
        }
        base = memory
        capacity = larger
        ownsMemory = true
    }

    /// Appends one byte.
    @usableFromInline
    @inline(__always)
    mutating func write(byte: UInt8) {
        reserve(1).storeBytes(of: byte, as: UInt8.self)
        count &+= 1
    }

    /// Appends what a closure puts into `size` bytes of memory; it returns how many it used, and `size` is not zero.
    @inline(__always)
    mutating func append(atMost size: Int, _ fill: (UnsafeMutableRawPointer) -> Int) {
        let target = reserve(size)
        count &+= min(size, max(0, fill(target)))
    }

    /// Appends a head with the shortest form of its argument.
    @usableFromInline
    @inline(__always)
    mutating func writeHead(_ major: UInt8, _ argument: UInt64) {
        let target = reserve(9)
        let upper = major << 5
        if argument < 24 {
            target.storeBytes(of: upper | UInt8(truncatingIfNeeded: argument), as: UInt8.self)
            count &+= 1
        } else {
            count &+= Self.writeLongHead(upper, argument, to: target)
        }
    }

    private static func writeLongHead(_ upper: UInt8, _ argument: UInt64, to target: UnsafeMutableRawPointer) -> Int {
        if argument <= UInt8.max {
            target.storeBytes(of: upper | 24, as: UInt8.self)
            target.storeBytes(of: UInt8(truncatingIfNeeded: argument), toByteOffset: 1, as: UInt8.self)
            return 2
        }
        if argument <= UInt16.max {
            target.storeBytes(of: upper | 25, as: UInt8.self)
            target.storeBytes(of: UInt16(truncatingIfNeeded: argument).bigEndian, toByteOffset: 1, as: UInt16.self)
            return 3
        }
        if argument <= UInt32.max {
            target.storeBytes(of: upper | 26, as: UInt8.self)
            target.storeBytes(of: UInt32(truncatingIfNeeded: argument).bigEndian, toByteOffset: 1, as: UInt32.self)
            return 5
        }
        target.storeBytes(of: upper | 27, as: UInt8.self)
        target.storeBytes(of: argument.bigEndian, toByteOffset: 1, as: UInt64.self)
        return 9
    }

    /// Appends a first byte and a fixed-width argument, as floats have them.
    @inline(__always)
    mutating func write<Bits: FixedWidthInteger>(byte: UInt8, bits: Bits) {
        let target = reserve(1 + MemoryLayout<Bits>.size)
        target.storeBytes(of: byte, as: UInt8.self)
        target.storeBytes(of: bits.bigEndian, toByteOffset: 1, as: Bits.self)
        count &+= 1 &+ MemoryLayout<Bits>.size
    }

    /// Appends bytes as they are.
    @inline(__always)
    mutating func write(raw bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count).copyMemory(from: source, byteCount: bytes.count)
        count &+= bytes.count
    }

    /// Appends text.
    @usableFromInline
    @inline(__always)
    mutating func write(text: String) {
        var text = text
        text.withUTF8 { utf8 in
            writeHead(CBORMajor.text, UInt64(truncatingIfNeeded: utf8.count))
            write(raw: UnsafeRawBufferPointer(utf8))
        }
    }

    /// Replaces a byte that was written before.
    mutating func patch(_ offset: Int, _ byte: UInt8) {
        guard offset < count else { return }
        base.unsafelyUnwrapped.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
    }

    /// Forgets what was written from an offset on.
    mutating func truncate(to offset: Int) { count = min(count, max(0, offset)) }

    /// Takes everything from an offset on away into a writer of its own.
    mutating func split(at offset: Int) -> CBORWriter {
        var tail = CBORWriter(maximumDepth: maximumDepth, userInfo: userInfo)
        guard offset < count else { return tail }
        tail.write(raw: UnsafeRawBufferPointer(rebasing: bytes[offset...]))
        count = offset
        return tail
    }
}
