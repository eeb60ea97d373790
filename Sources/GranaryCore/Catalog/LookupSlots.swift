public import Synchronization

/// The memory of a ``LookupTable``: open addressing, as many slots as a power of two.
///
/// A slot is a word and a key. The word is zero as long as the slot was never used, one when its object was taken out, else
/// the object's address; the key is set before the word leaves zero, and stays. So whoever sees a word that is not zero may
/// read the key.
@usableFromInline
struct LookupSlots<Key: GrainKey> {
    /// The slots' memory: the mask of indices in a first word, then the slots.
    @usableFromInline let memory: UnsafeMutableRawPointer

    @inlinable
    init(memory: UnsafeMutableRawPointer) { self.memory = memory }

    /// The word of a slot whose object was taken out.
    @usableFromInline static var removed: UInt { 1 }

    // A key may be wider aligned than a word; both offsets fold to constants where the key's type is known.
    @inlinable static var keyOffset: Int { max(MemoryLayout<UInt>.size, MemoryLayout<TableKey<Key>>.alignment) }
    @inlinable static var alignment: Int { max(MemoryLayout<UInt>.alignment, MemoryLayout<TableKey<Key>>.alignment) }
    @inlinable static var stride: Int {
        (keyOffset + MemoryLayout<TableKey<Key>>.size + alignment - 1) & ~(alignment - 1)
    }

    @inlinable var mask: Int { memory.load(as: Int.self) }
    @inlinable var capacity: Int { mask + 1 }

    @inlinable
    func word(_ index: Int) -> UnsafeMutablePointer<Atomic<UInt>> {
        (memory + Self.keyOffset + index * Self.stride).assumingMemoryBound(to: Atomic<UInt>.self)
    }

    /// The key of a slot whose word is not zero.
    @inlinable
    func key(_ index: Int) -> UnsafeMutablePointer<TableKey<Key>> {
        (memory + Self.keyOffset + index * Self.stride + Self.keyOffset).assumingMemoryBound(to: TableKey<Key>.self)
    }

    /// Makes empty slots.
    ///
    /// - Parameter capacity: How many; a power of two.
    /// - Returns: The slots.
    static func allocate(_ capacity: Int) -> LookupSlots {
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: keyOffset + capacity * stride, alignment: alignment)
        memory.storeBytes(of: capacity - 1, as: Int.self)
        let slots = LookupSlots(memory: memory)
        for index in 0..<capacity { slots.word(index).initialize(to: Atomic(0)) }
        return slots
    }

    /// Frees the memory and the keys; not what the words point to.
    func deallocate() {
        for index in 0..<capacity where word(index).pointee.load(ordering: .relaxed) != 0 {
            key(index).deinitialize(count: 1)
        }
        memory.deallocate()
    }
}
