/// A key together with its hash, so that the table never hashes again.
@usableFromInline
package struct TableKey<Key: GrainKey>: Hashable, Sendable {
    @usableFromInline let key: Key
    @usableFromInline let hash: UInt32

    @inlinable
    package init(_ key: Key, hash: UInt32) {
        self.key = key
        self.hash = hash
    }

    @inlinable
    package static func == (left: Self, right: Self) -> Bool {
        left.hash == right.hash && Key._isSame(left.key, right.key)
    }

    @usableFromInline
    package func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
