/// The 128-bit key of the cluster's hash; equal for all silos, so part of the cluster's settings.
///
/// A key of the cluster's own keeps callers who choose grain keys from aiming many of them at one silo.
package struct HashKey: Hashable, Sendable, Codable {
    /// The first eight bytes, read as a little-endian number.
    package var low: UInt64
    /// The last eight bytes, read as a little-endian number.
    package var high: UInt64

    /// Makes a key.
    ///
    /// - Parameters:
    ///   - low: The first eight bytes, read as a little-endian number.
    ///   - high: The last eight bytes, read as a little-endian number.
    package init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }
}
