import GranaryCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The order of rows in a statement: that of the primary key, whose columns compare by bytes (`collate "C"`).
///
/// All batches lock their rows in this order, so that no two of them wait for each other. Swift's own order of strings
/// is another one beyond ASCII.
enum KeyOrder {
    /// Whether the first grain's rows go before the second's.
    static func precedes(_ first: GrainID, _ second: GrainID) -> Bool {
        let types = compare(first.type, second.type)
        return types == 0 ? compare(first.key, second.key) < 0 : types < 0
    }

    /// Whether the first text goes before the second.
    static func precedes(_ first: String, _ second: String) -> Bool { compare(first, second) < 0 }

    /// Compares by bytes: negative, zero or positive.
    private static func compare(_ first: String, _ second: String) -> Int {
        var (first, second) = (first, second)
        return first.withUTF8 { first in
            second.withUTF8 { second in
                let common = min(first.count, second.count)
                // Both buffers are at least `common` bytes long, and an empty one is not read.
                guard common > 0, let left = first.baseAddress, let right = second.baseAddress else {
                    return first.count - second.count
                }
                let difference = memcmp(left, right, common)
                return difference == 0 ? first.count - second.count : Int(difference)
            }
        }
    }
}
