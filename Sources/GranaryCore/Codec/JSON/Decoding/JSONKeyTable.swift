/// A hash table from the keys of an object to their nodes, for objects with many: open addressing, at most half full.
struct JSONKeyTable {
    private var slots: [UInt32]

    /// Makes a table for a number of keys.
    init(count: Int) {
        var capacity = 64
        while capacity < count * 2 { capacity *= 2 }
        slots = Array(repeating: 0, count: capacity)
    }

    /// Adds a key, in place of one that is the same.
    ///
    /// - Returns: True if there was one.
    mutating func insert(_ key: Int, _ source: JSONSource) -> Bool {
        let slot = source.withKey(key) { name in self.slot(of: name, source) }
        let isReplaced = slots[slot] != 0
        slots[slot] = UInt32(truncatingIfNeeded: key)
        return isReplaced
    }

    /// The node of a key.
    ///
    /// None is the first of all nodes, which is never a key.
    func find(_ name: UnsafeRawBufferPointer, _ source: JSONSource) -> Int? {
        let found = slots[slot(of: name, source)]
        return found == 0 ? nil : Int(found)
    }

    /// The slot of a key, or the free slot where it would be.
    private func slot(of name: UnsafeRawBufferPointer, _ source: JSONSource) -> Int {
        var slot = CBORKeyBytes.hash(name) & (slots.count - 1)
        while slots[slot] != 0, !source.isKey(Int(slots[slot]), name) { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }
}
