/// Finds the entries of a map while walking over it once.
///
/// Keys that are asked for in the order in which they were written, the usual case, are found where the walk is, and
/// their values are read without being passed over first. Others are remembered on the way: up to 16 in a list, more in
/// a hash table.
struct CBORMapWalk {
    private static let listLimit = 16

    private var entries: [CBORMapEntry] = []
    private var table = CBORMapTable()
    /// One bit per fingerprint of the keys so far.
    private var fingerprints: UInt64 = 0
    /// Behind the last entry that was passed.
    private(set) var cursor: Int
    /// The number of entries that are not loaded yet; negative where a break ends the map.
    private var remaining: Int
    /// True when the last of ``entries`` has not been passed.
    private var isAtEntry = false
    /// Where the next lookup in the list will probably succeed.
    private var guess = 0

    /// Begins behind a map's head.
    init(cursor: Int, count: Int?) {
        self.cursor = cursor
        remaining = count ?? -1
        entries.reserveCapacity(min(count ?? 4, Self.listLimit))
    }

    /// The entries that the walk has met.
    var found: [CBORMapEntry] { entries }

    /// The offset of a key's value.
    ///
    /// The reader may be at any position of the map's bytes; its depth is that of the entries.
    @inline(__always)
    mutating func find(_ name: String, _ number: Int?, _ reader: CBORReader) throws(CBORFault) -> Int? {
        if try load(reader), entries[entries.count &- 1].matches(name, number, reader) {
            return entries[entries.count &- 1].value
        }
        return try search(name, number, reader)
    }

    private mutating func search(_ name: String, _ number: Int?, _ reader: CBORReader) throws(CBORFault) -> Int? {
        if let position = position(name, number, reader) {
            guess = position + 1
            return entries[position].value
        }
        while try load(reader) {
            try passEntry(reader)
            guard try load(reader) else { break }
            if entries[entries.count - 1].matches(name, number, reader) { return entries[entries.count - 1].value }
        }
        return nil
    }

    private func position(_ name: String, _ number: Int?, _ reader: CBORReader) -> Int? {
        if guess < entries.count, entries[guess].matches(name, number, reader) { return guess }
        if entries.count <= Self.listLimit {
            return entries.firstIndex { $0.matches(name, number, reader) }
        }
        if let found = table.position(CBORKeyBytes.hash(name), where: { entries[$0].matches(name, nil, reader) }) {
            return found
        }
        guard let number else { return nil }
        return table.position(CBORMapEntry.hash(number)) { entries[$0].matches("", number, reader) }
    }

    /// Reads the key at the cursor, unless that was done.
    ///
    /// - Returns: False at the end of the map.
    @inline(__always)
    private mutating func load(_ reader: CBORReader) throws(CBORFault) -> Bool {
        if isAtEntry { return true }
        if remaining == 0 { return false }
        var reader = reader
        reader.position = cursor
        if remaining < 0 {
            if try reader.readBreak() {
                cursor = reader.position
                remaining = 0
                return false
            }
        }
        try register(try CBORMapEntry(from: &reader, depth: reader.depth), reader)
        if remaining > 0 { remaining &-= 1 }
        isAtEntry = true
        return true
    }

    @inline(__always)
    private mutating func register(_ entry: CBORMapEntry, _ reader: CBORReader) throws(CBORFault) {
        let bit: UInt64 = 1 << entry.fingerprint(reader)
        if entries.count >= Self.listLimit || fingerprints & bit != 0 { try compare(entry, reader) }
        fingerprints |= bit
        entries.append(entry)
    }

    /// Looks for the key among the earlier ones.
    private mutating func compare(_ entry: CBORMapEntry, _ reader: CBORReader) throws(CBORFault) {
        let isNew: Bool
        if entries.count < Self.listLimit {
            isNew = !entries.contains { $0.hasSameKey(as: entry, reader) }
        } else {
            if entries.count == Self.listLimit {
                table = CBORMapTable()
                for position in entries.indices { _ = table.insert(position, in: entries, reader) }
            }
            entries.append(entry)
            isNew = table.insert(entries.count - 1, in: entries, reader)
            entries.removeLast()
        }
        guard isNew else { throw CBORFault.duplicateKey }
    }

    private mutating func passEntry(_ reader: CBORReader) throws(CBORFault) {
        var reader = reader
        reader.position = entries[entries.count - 1].value
        try reader.skip(depth: reader.depth)
        pass(to: reader.position)
    }

    @inline(__always)
    private mutating func pass(to end: Int) {
        cursor = end
        isAtEntry = false
    }

    /// Tells the walk that a value has been read, and where it ended.
    @inline(__always)
    mutating func didRead(_ value: Int, end: Int) {
        guard isAtEntry, entries[entries.count &- 1].value == value else { return }
        pass(to: end)
    }

    /// Walks to the end of the map.
    mutating func walkToEnd(_ reader: CBORReader) throws(CBORFault) {
        while try load(reader) { try passEntry(reader) }
    }
}
