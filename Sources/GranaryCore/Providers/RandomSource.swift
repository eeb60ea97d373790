internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Where a silo takes its random numbers from; a seeded source makes a run repeatable.
public protocol RandomSource: Sendable {
    /// The next 64 random bits.
    func next() -> UInt64
}

extension RandomSource {
    /// A fresh etag of 128 bits.
    public func nextETag() -> ETag { ETag(high: next(), low: next()) }
}

/// The system's cryptographically secure generator, asked for 32 numbers at a time.
public struct SystemRandomSource: RandomSource {
    private static let supply = Mutex<[UInt64]>([])

    /// Makes the source.
    public init() {}

    /// The next 64 random bits.
    public func next() -> UInt64 {
        Self.supply.withLock { supply in
            if let number = supply.popLast() { return number }
            // 256 bytes are the most that getentropy(3) gives, and it always gives all of them.
            supply = [UInt64](unsafeUninitializedCapacity: 32) { buffer, count in
                count = getentropy(UnsafeMutableRawPointer(buffer.baseAddress), 256) == 0 ? 32 : 0
            }
            if let number = supply.popLast() { return number }
            var generator = SystemRandomNumberGenerator()
            return generator.next()
        }
    }
}

/// A repeatable source: the same seed gives the same numbers (SplitMix64, Steele, Lea and Flood 2014).
public final class SeededRandomSource: RandomSource {
    private let state: Atomic<UInt64>

    /// Makes a source.
    ///
    /// - Parameter seed: Any 64 bits.
    public init(seed: UInt64) { state = Atomic(seed) }

    /// The next 64 random bits.
    public func next() -> UInt64 {
        var mixed = state.wrappingAdd(0x9e37_79b9_7f4a_7c15, ordering: .relaxed).newValue
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
