internal import Synchronization

/// A table from metadata to what is known of types, which any number of threads read without a lock.
///
/// Programs have few types, so nothing is ever removed, and slots that were outgrown stay for those who may be reading
/// them: all of them together are smaller than the current ones.
///
/// Unsafe because every value of every message is looked up here; safe because a slot is written once, its key last.
final class CodedTypeTable: Sendable {
    private struct Slot: ~Copyable {
        /// The address of the metadata; zero if the slot is free.
        let key = Atomic<UInt>(0)
        /// Written before the key.
        var type = CodedType(coded: nil, json: nil, isFinal: false)
    }

    /// The address of the slots and, in the low bits, the binary logarithm of how many there are.
    private let slots: Atomic<UInt>
    private let used = Mutex(0)

    init() { slots = Atomic(Self.allocate(bits: 7)) }

    private static func allocate(bits: UInt) -> UInt {
        let slots = UnsafeMutablePointer<Slot>.allocate(capacity: 1 << bits)
        for index in 0..<1 << bits { (slots + index).initialize(to: Slot()) }
        return UInt(bitPattern: slots) << 6 | bits
    }

    /// Calls a closure with the slots from the one of a key on, until it gives something.
    @inline(__always)
    private static func walk(
        _ word: UInt, _ key: UInt, _ body: (UnsafeMutablePointer<Slot>) -> Bool
    ) {
        let bits = word & 63
        let mask: UInt = 1 << bits &- 1
        guard let slots = UnsafeMutablePointer<Slot>(bitPattern: word >> 6) else { return }
        // Metadata lie at multiples of eight; the multiplier is that of Fibonacci hashing.
        var index = (key &* 0x9e37_79b9_7f4a_7c15) >> (64 &- bits)
        while !body(slots + Int(bitPattern: index)) { index = (index &+ 1) & mask }
    }

    /// What is known of a type, if it was asked for before.
    @inline(__always)
    func find(_ key: UInt) -> CodedType? {
        var found: CodedType?
        Self.walk(slots.load(ordering: .acquiring), key) { slot in
            let other = slot.pointee.key.load(ordering: .acquiring)
            if other == key { found = slot.pointee.type }
            return other == key || other == 0
        }
        return found
    }

    /// Keeps what is known of a type.
    func insert(_ type: CodedType, for key: UInt) {
        used.withLock { used in
            var word = slots.load(ordering: .relaxed)
            if used * 2 >= 1 << (word & 63) {
                word = grown(word)
                slots.store(word, ordering: .releasing)
            }
            if Self.fill(word, type, key) { used += 1 }
        }
    }

    /// Fills the slot of a key.
    ///
    /// - Returns: False if it was filled before.
    private static func fill(_ word: UInt, _ type: CodedType, _ key: UInt) -> Bool {
        var isNew = false
        walk(word, key) { slot in
            let other = slot.pointee.key.load(ordering: .relaxed)
            guard other == 0 else { return other == key }
            slot.pointee.type = type
            slot.pointee.key.store(key, ordering: .releasing)
            isNew = true
            return true
        }
        return isNew
    }

    private func grown(_ word: UInt) -> UInt {
        let larger = Self.allocate(bits: word & 63 + 1)
        guard let slots = UnsafeMutablePointer<Slot>(bitPattern: word >> 6) else { return larger }
        for index in 0..<1 << Int(word & 63) {
            let key = slots[index].key.load(ordering: .relaxed)
            if key != 0 { _ = Self.fill(larger, slots[index].type, key) }
        }
        return larger
    }
}
