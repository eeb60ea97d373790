/// SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012): a keyed hash that is the same in every
/// process and version, unlike Swift's own `Hasher`.
package struct SipHasher: Sendable {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    /// Up to seven bytes that do not fill a word yet, the first one lowest.
    private var tail: UInt64 = 0
    private var count = 0

    /// Starts a hash.
    ///
    /// - Parameter key: The key.
    package init(key: HashKey) {
        v0 = key.low ^ 0x736f_6d65_7073_6575
        v1 = key.high ^ 0x646f_7261_6e64_6f6d
        v2 = key.low ^ 0x6c79_6765_6e65_7261
        v3 = key.high ^ 0x7465_6462_7974_6573
    }

    /// Adds one byte.
    package mutating func combine(_ byte: UInt8) {
        tail |= UInt64(byte) << UInt64((count & 7) * 8)
        count += 1
        if count & 7 == 0 { compressTail() }
    }

    /// Adds a number as eight bytes, the lowest first.
    package mutating func combine(_ word: UInt64) {
        if count & 7 == 0 {
            count += 8
            compress(word)
        } else {
            let shift = UInt64((count & 7) * 8)
            count += 8
            let filled = tail | word << shift
            tail = word >> (64 - shift)
            compress(filled)
        }
    }

    /// Adds the bytes of a text's UTF-8, without their number.
    package mutating func combine(_ text: String) {
        let contiguous: Void? = text.utf8.withContiguousStorageIfAvailable { bytes in
            var index = 0
            while count & 7 != 0, index < bytes.count {
                combine(bytes[index])
                index += 1
            }
            let raw = UnsafeRawBufferPointer(bytes)
            while index + 8 <= raw.count {
                // In bounds by the condition above; `loadUnaligned` asks for no alignment.
                compress(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
                count += 8
                index += 8
            }
            while index < bytes.count {
                combine(bytes[index])
                index += 1
            }
        }
        if contiguous == nil {
            for byte in text.utf8 { combine(byte) }
        }
    }

    /// The hash of all that was added.
    package func finalized() -> UInt64 {
        var last = self
        let end = last.tail | UInt64(truncatingIfNeeded: count & 0xff) << 56
        last.compress(end)
        last.v2 ^= 0xff
        for _ in 0..<4 { last.round() }
        return last.v0 ^ last.v1 ^ last.v2 ^ last.v3
    }

    private mutating func compressTail() {
        let word = tail
        tail = 0
        compress(word)
    }

    private mutating func compress(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    private mutating func round() {
        v0 &+= v1
        v1 = v1 << 13 | v1 >> 51
        v1 ^= v0
        v0 = v0 << 32 | v0 >> 32
        v2 &+= v3
        v3 = v3 << 16 | v3 >> 48
        v3 ^= v2
        v0 &+= v3
        v3 = v3 << 21 | v3 >> 43
        v3 ^= v0
        v2 &+= v1
        v1 = v1 << 17 | v1 >> 47
        v1 ^= v2
        v2 = v2 << 32 | v2 >> 32
    }
}
