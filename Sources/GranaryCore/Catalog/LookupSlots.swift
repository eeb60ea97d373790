public import Synchronization

/// The memory of a ``LookupTable``: open addressing, as many slots as a power of two.
///
/// A slot is a word, the hash of its key unless that is quickly made again, and the key. The word is zero as long as the
/// slot was never used, one when its object was taken out, else the object's address; hash and key are set before the word
/// leaves zero, and stay. So whoever sees a word that is not zero may read them.
///
/// The layout depends on the type of key, but the walk over slots does not: code that is not specialised for the type goes
/// by what the head of the memory says.
@usableFromInline
struct LookupSlots {
    /// A head of four numbers, then the slots.
    @usableFromInline let memory: UnsafeMutableRawPointer

    @inlinable
    init(memory: UnsafeMutableRawPointer) { self.memory = memory }

    /// The word of a slot whose object was taken out.
    @usableFromInline static var removed: UInt { 1 }

    @inlinable var mask: Int { memory.load(as: Int.self) }
    @inlinable var stride: Int { memory.load(fromByteOffset: 8, as: Int.self) }
    @inlinable var keyOffset: Int { memory.load(fromByteOffset: 16, as: Int.self) }
    @inlinable var first: Int { memory.load(fromByteOffset: 24, as: Int.self) }
    @inlinable var capacity: Int { mask + 1 }

    /// A slot's memory.
    @inlinable
    subscript(index: Int) -> UnsafeMutableRawPointer { memory + first + index * stride }

    /// Makes empty slots.
    ///
    /// - Parameters:
    ///   - capacity: How many; a power of two.
    ///   - layout: How the keys lie.
    /// - Returns: The slots.
    static func allocate(_ capacity: Int, for layout: KeyLayout) -> LookupSlots {
        let alignment = max(MemoryLayout<UInt>.alignment, layout.alignment)
        let hashSize = layout.hash == nil ? MemoryLayout<UInt32>.size : 0
        let keyOffset = aligned(MemoryLayout<UInt>.size + hashSize, to: layout.alignment)
        let stride = aligned(keyOffset + layout.size, to: alignment)
        let first = aligned(32, to: alignment)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: first + capacity * stride, alignment: alignment)
        memory.initializeMemory(as: Int.self, repeating: capacity - 1, count: 1)
        memory.storeBytes(of: stride, toByteOffset: 8, as: Int.self)
        memory.storeBytes(of: keyOffset, toByteOffset: 16, as: Int.self)
        memory.storeBytes(of: first, toByteOffset: 24, as: Int.self)
        let slots = LookupSlots(memory: memory)
        for index in 0..<capacity { slots[index].word.initialize(to: Atomic(0)) }
        return slots
    }

    private static func aligned(_ size: Int, to alignment: Int) -> Int { (size + alignment - 1) & ~(alignment - 1) }

    /// Frees the memory and the keys; not what the words point to.
    func deallocate(_ layout: KeyLayout) {
        for index in 0..<capacity where self[index].word.pointee.load(ordering: .relaxed) != 0 {
            layout.destroy(self[index] + keyOffset)
        }
        memory.deallocate()
    }
}

extension UnsafeMutableRawPointer {
    /// The word of the slot that lies here.
    @inlinable var word: UnsafeMutablePointer<Atomic<UInt>> { assumingMemoryBound(to: Atomic<UInt>.self) }

    /// The hash of the key of the slot that lies here, whose word is not zero; where the table keeps the hashes.
    @inlinable var keyHash: UInt32 {
        get { load(fromByteOffset: 8, as: UInt32.self) }
        nonmutating set { storeBytes(of: newValue, toByteOffset: 8, as: UInt32.self) }
    }
}
