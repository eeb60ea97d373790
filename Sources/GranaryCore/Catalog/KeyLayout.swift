/// How keys of one type lie in a table, and how they are compared, copied and ended, for code that does not know the type.
///
/// What makes and ends activations is not specialised for the application's types. There every mention of a type that
/// depends on them is looked up at run time, which made up two fifths of the cost of a first call.
@usableFromInline
package final class KeyLayout: Sendable {
    let size: Int
    let alignment: Int
    /// Makes the hash of a key that lies somewhere; `nil` where the table keeps the hashes.
    let hash: (@Sendable (UnsafeRawPointer) -> UInt32)?
    let text: @Sendable (UnsafeRawPointer) -> String
    let isSame: @Sendable (UnsafeRawPointer, UnsafeRawPointer) -> Bool
    let copy: @Sendable (_ key: UnsafeRawPointer, _ place: UnsafeMutableRawPointer) -> Void
    let destroy: @Sendable (UnsafeMutableRawPointer) -> Void

    package init<Key: GrainKey>(_: Key.Type) {
        size = MemoryLayout<Key>.size
        alignment = MemoryLayout<Key>.alignment
        if Key._isHashedQuickly {
            hash = { $0.assumingMemoryBound(to: Key.self).pointee._tableHash }
        } else {
            hash = nil
        }
        text = { $0.assumingMemoryBound(to: Key.self).pointee.keyText }
        isSame = {
            Key._isSame($0.assumingMemoryBound(to: Key.self).pointee, $1.assumingMemoryBound(to: Key.self).pointee)
        }
        copy = { $1.initializeMemory(as: Key.self, from: $0.assumingMemoryBound(to: Key.self), count: 1) }
        destroy = { $0.assumingMemoryBound(to: Key.self).deinitialize(count: 1) }
    }
}

/// A key as a table sees it that does not know its type: where it lies, for as long as a call lasts, and its hash.
package struct KeyPlace {
    let address: UnsafeRawPointer
    let hash: UInt32

    /// Hands a key's place to a body, which must not keep it.
    @inline(__always)
    package static func of<Key: GrainKey, Result>(
        _ key: Key, hash: UInt32, _ body: (KeyPlace) throws -> Result
    ) rethrows -> Result {
        try withUnsafePointer(to: key) { try body(KeyPlace(address: UnsafeRawPointer($0), hash: hash)) }
    }
}
