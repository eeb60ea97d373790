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

    @inlinable
    package func hash(into hasher: inout Hasher) { hasher.combine(hash) }

    // The kept hash is well mixed already; running it through SipHash once more would cost as much as the look-up.
    @inlinable
    package func _rawHashValue(seed: Int) -> Int { Int(truncatingIfNeeded: hash) }
}
