#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

extension String {
    /// Whether two strings have the same UTF-8 bytes; `==` looks past the ways to write one character.
    @usableFromInline
    func hasSameBytes(as other: String) -> Bool {
        let answer = utf8.withContiguousStorageIfAvailable { mine in
            other.utf8.withContiguousStorageIfAvailable { others in
                guard mine.count == others.count else { return false }
                // An empty buffer has no address, and is not read; the others are `count` bytes long.
                guard let left = mine.baseAddress, let right = others.baseAddress else { return true }
                return memcmp(left, right, mine.count) == 0
            }
        }
        if let answer, let answer { return answer }
        return utf8.elementsEqual(other.utf8)
    }
}
