/// Finds the entries of an object.
///
/// Keys that are asked for in the order of the text are found at once; others by going round, or in a hash table if
/// there are many.
struct JSONObjectPlace {
    private static let listLimit = 16

    /// The key of the first entry.
    private let first: Int
    /// Behind the last entry.
    private let end: Int
    /// The key behind the one that was found last.
    private var cursor: Int
    private var table: JSONKeyTable?
    /// True if a key stands more than once: then only the last of them counts.
    private var hasDuplicates = false

    /// Begins with the object at an index.
    init(_ index: Int, _ object: JSONNode, _ source: JSONSource) {
        first = index &+ 1
        end = Int(object.next)
        cursor = first
        if object.count > Self.listLimit {
            makeTable(Int(object.count), source)
        } else if object.count > 1 {
            compareKeys(source)
        }
    }

    /// The node of a key's value.
    @inline(__always)
    mutating func find(_ name: String, _ source: JSONSource) -> Int? {
        var name = name
        return name.withUTF8 { utf8 in find(UnsafeRawBufferPointer(utf8), source) }
    }

    @inline(__always)
    private mutating func find(_ name: UnsafeRawBufferPointer, _ source: JSONSource) -> Int? {
        if cursor < end, !hasDuplicates, source.isKey(cursor, name) { return found(cursor, source) }
        return search(name, source)
    }

    @inline(__always)
    private mutating func found(_ key: Int, _ source: JSONSource) -> Int {
        cursor = source.next(key &+ 1)
        return key &+ 1
    }

    @inline(never)
    private mutating func search(_ name: UnsafeRawBufferPointer, _ source: JSONSource) -> Int? {
        if let table { return table.find(name, source).map { found($0, source) } }
        var key = first
        var last: Int?
        while key < end {
            if source.isKey(key, name) {
                last = key
                if !hasDuplicates { break }
            }
            key = source.next(key &+ 1)
        }
        return last.map { found($0, source) }
    }

    /// Calls a closure with each key that counts.
    func forEachKey(_ source: JSONSource, _ body: (JSONNode) -> Void) {
        var place = self
        var key = first
        while key < end {
            let next = source.next(key &+ 1)
            if !hasDuplicates || source.withKey(key, { place.search($0, source) }) == key &+ 1 {
                body(source.node(key))
            }
            key = next
        }
    }

    private mutating func makeTable(_ count: Int, _ source: JSONSource) {
        var table = JSONKeyTable(count: count)
        var key = first
        while key < end {
            if table.insert(key, source) { hasDuplicates = true }
            key = source.next(key &+ 1)
        }
        self.table = table
    }

    /// Looks for equal keys among a few: only those with one fingerprint are compared.
    private mutating func compareKeys(_ source: JSONSource) {
        var fingerprints: UInt64 = 0
        var key = first
        while key < end {
            let bit = source.withKey(key) { name in Self.fingerprint(name) }
            if fingerprints & bit != 0, isRepeated(key, source) {
                hasDuplicates = true
                return
            }
            fingerprints |= bit
            key = source.next(key &+ 1)
        }
    }

    private func isRepeated(_ key: Int, _ source: JSONSource) -> Bool {
        var earlier = first
        while earlier < key {
            if source.haveSameKey(earlier, key) { return true }
            earlier = source.next(earlier &+ 1)
        }
        return false
    }

    /// One of 64 bits that equal keys share.
    @inline(__always)
    private static func fingerprint(_ name: UnsafeRawBufferPointer) -> UInt64 {
        guard name.count > 0 else { return 1 }
        let sum =
            name.count &+ Int(name[0]) &* 5 &+ Int(name[name.count &- 1]) &* 3 &+ Int(name[name.count / 2]) &* 7
        return 1 << UInt64(truncatingIfNeeded: sum & 63)
    }
}
