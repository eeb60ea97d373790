/// A hash table from keys to the positions of entries, for maps with many: open addressing, at most half full.
struct CBORMapTable {
    private var slots: [UInt32] = []
    private var used = 0

    /// Adds the entry at a position.
    ///
    /// - Returns: False if an entry with the same key is there already.
    mutating func insert(_ position: Int, in entries: [CBORMapEntry], _ reader: CBORReader) -> Bool {
        if (used + 1) * 2 > slots.count { grow(entries, reader) }
        guard let hash = entries[position].hash(reader) else { return true }
        let free = slot(hash) { entries[$0].hasSameKey(as: entries[position], reader) }
        guard slots[free] == 0 else { return false }
        slots[free] = UInt32(position + 1)
        used += 1
        return true
    }

    /// The position of the entry with a hash that a closure accepts.
    func position(_ hash: Int, where matches: (Int) -> Bool) -> Int? {
        guard !slots.isEmpty else { return nil }
        let found = Int(slots[slot(hash, where: matches)])
        return found == 0 ? nil : found - 1
    }

    /// The slot of the accepted entry, or the free slot where it would be.
    private func slot(_ hash: Int, where matches: (Int) -> Bool) -> Int {
        var slot = hash & (slots.count - 1)
        while slots[slot] != 0, !matches(Int(slots[slot]) - 1) { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }

    private mutating func grow(_ entries: [CBORMapEntry], _ reader: CBORReader) {
        let old = slots
        slots = Array(repeating: 0, count: max(64, old.count * 2))
        for number in old where number != 0 {
            guard let hash = entries[Int(number) - 1].hash(reader) else { continue }
            slots[slot(hash) { _ in false }] = number
        }
    }
}
