/// The parts of a grain type's table, each in cache lines of its own.
///
/// Not an array of objects: every look-up would count a reference to the object up and down, next to its lock, and two
/// shards in one cache line would be one shard to the processor.
///
/// Sendable though the compiler cannot see it: the memory is filled once, before anyone else sees it, is never freed (nor
/// is the host that it belongs to), and what it holds is sendable.
@usableFromInline
struct CatalogShards: @unchecked Sendable {
    @usableFromInline static var bits: UInt32 { 6 }
    @usableFromInline static var count: Int { 1 << Int(bits) }
    /// Two cache lines, in bytes: processors fetch them in pairs.
    @usableFromInline static var stride: Int { 128 }

    @usableFromInline let memory: UnsafeMutableRawPointer

    init(_ layout: KeyLayout) {
        precondition(MemoryLayout<CatalogShard>.size <= Self.stride)
        memory = .allocate(byteCount: Self.count * Self.stride, alignment: Self.stride)
        for index in 0..<Self.count { self[index].initialize(to: CatalogShard(layout)) }
    }

    @inlinable
    subscript(index: Int) -> UnsafeMutablePointer<CatalogShard> {
        // In bounds: indices are below `count`, or the six highest bits of a hash.
        (memory + index * Self.stride).assumingMemoryBound(to: CatalogShard.self)
    }

    /// The shard of a hash: by its highest bits, since the table within goes by the lowest.
    @inlinable
    func shard(of hash: UInt32) -> UnsafeMutablePointer<CatalogShard> {
        self[Int(truncatingIfNeeded: hash >> (32 - Self.bits))]
    }
}
