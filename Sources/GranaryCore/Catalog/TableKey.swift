/// A key together with its hash, by which dictionaries file it without hashing it again.
package struct TableKey<Key: GrainKey>: Hashable, Sendable {
    let key: Key
    let hash: UInt32

    package init(_ key: Key, hash: UInt32) {
        self.key = key
        self.hash = hash
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.hash == right.hash && Key._isSame(left.key, right.key)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
