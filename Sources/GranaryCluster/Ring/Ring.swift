/// Who owns what among a fixed set of members: a consistent-hash ring, immutable and cheap to share.
///
/// The points lie in ascending order; a hash belongs to the first point at or after it, and past the last one to the
/// first. A table over the hash's top bits leads close to that point, so a lookup touches two or three cache lines in a
/// ring of any size.
package struct Ring: Sendable {
    private let points: [UInt64]
    private let owners: [Int32]
    /// For each value of the top bits, the first point with these or higher top bits.
    private let table: [UInt32]
    private let shift: UInt64

    /// Makes a ring.
    ///
    /// - Parameters:
    ///   - points: The points in ascending order.
    ///   - owners: The member of each point.
    package init(points: [UInt64], owners: [Int32]) {
        self.points = points
        self.owners = owners
        var bits: UInt64 = 1
        while 1 << bits < points.count { bits += 1 }
        shift = 64 - bits
        var table: [UInt32] = []
        table.reserveCapacity(1 << bits)
        var index = 0
        for bucket in 0..<(UInt64(1) << bits) {
            while index < points.count, points[index] >> shift < bucket { index += 1 }
            table.append(UInt32(index))
        }
        self.table = table
    }

    /// Whether nobody owns anything.
    package var isEmpty: Bool { points.isEmpty }

    /// The number of points.
    package var count: Int { points.count }

    /// The owner of a hash.
    ///
    /// - Parameter hash: A grain's hash.
    /// - Returns: The member's number; `nil` when the ring is empty.
    package func owner(of hash: UInt64) -> Int32? {
        if points.isEmpty { return nil }
        var index = Int(table[Int(hash >> shift)])
        while index < points.count, points[index] < hash { index += 1 }
        return owners[index == points.count ? 0 : index]
    }

    /// The part of all hashes that each member owns, exact up to rounding.
    package func shares() -> [Int32: Double] {
        guard let last = points.last else { return [:] }
        var shares: [Int32: Double] = [:]
        var previous = last
        for (point, owner) in zip(points, owners) {
            shares[owner, default: 0] += Double(point &- previous) / 0x1p64
            previous = point
        }
        return points.count == 1 ? [owners[0]: 1] : shares
    }
}
