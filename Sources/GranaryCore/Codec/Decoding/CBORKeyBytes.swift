/// Keys of maps are compared by their bytes: two ways to write `é` are two keys, as in every other reader of CBOR.
enum CBORKeyBytes {
    /// Compares eight bytes at a time, because most keys are shorter than a call to the C library is worth.
    @inline(__always)
    static func equal(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        let count = left.count
        guard count == right.count else { return false }
        var offset = 0
        while count &- offset >= 8 {
            let difference =
                left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                ^ right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            if difference != 0 { return false }
            offset &+= 8
        }
        while offset < count {
            if left[offset] != right[offset] { return false }
            offset &+= 1
        }
        return true
    }

    /// Compares with a string's UTF-8.
    @inline(__always)
    static func equal(_ left: UnsafeRawBufferPointer, _ right: String) -> Bool {
        guard left.count == right.utf8.count else { return false }
        var right = right
        return right.withUTF8 { utf8 in equal(left, UnsafeRawBufferPointer(utf8)) }
    }

    /// The hash of bytes, seeded anew in every process.
    static func hash(_ bytes: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: bytes)
        return hasher.finalize()
    }

    /// The hash of a string's UTF-8.
    static func hash(_ name: String) -> Int {
        var name = name
        return name.withUTF8 { utf8 in hash(UnsafeRawBufferPointer(utf8)) }
    }
}
