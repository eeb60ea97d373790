public import CGranaryReads
public import Synchronization

/// A table from keys to objects that any number of threads read without a lock, and without writing to memory that others
/// read, while one thread at a time changes it.
///
/// A read says so in a word of its thread (``CGranaryReads``); what a change takes out is let go when the reads that may see
/// it are over (``Retirement``). A reader sees each change either made or not yet made.
///
/// The owner's lock holds a ``Usage``, which every change asks for.
///
/// It is not generic, so that what changes it looks up no types (``KeyLayout``); its owner sees to it that all keys and all
/// objects are of the types that are looked for.
@usableFromInline
package struct LookupTable: ~Copyable, Sendable {
    package typealias Object = AnyObject & Sendable

    /// How the slots are used.
    package struct Usage: Sendable {
        /// How many objects there are.
        package fileprivate(set) var live = 0
        /// How many slots are in use, those of removed objects among them.
        fileprivate var used = 0

        package init() {}
    }

    /// The address of the slots; zero before the first insertion.
    @usableFromInline let address = Atomic<UInt>(0)

    private let layout: KeyLayout

    package init(_ layout: KeyLayout) { self.layout = layout }

    deinit {
        guard let slots = current else { return }
        for index in 0..<slots.capacity {
            object(of: slots[index].word.pointee.load(ordering: .relaxed))?.release()
        }
        slots.deallocate(layout)
    }

    /// The object of a key.
    @inlinable
    package func find<Key: GrainKey, Value: AnyObject>(_ key: Key, hash: UInt32, as _: Value.Type) -> Value? {
        let read = granary_read_begin()
        defer { granary_read_end(read) }
        guard let memory = UnsafeMutableRawPointer(bitPattern: address.load(ordering: .sequentiallyConsistent)) else {
            return nil
        }
        let slots = LookupSlots(memory: memory)
        var index = Int(truncatingIfNeeded: hash) & slots.mask
        while true {
            let slot = slots[index]
            let word = slot.word.pointee.load(ordering: .sequentiallyConsistent)
            // There always is an unused slot, so this ends.
            if word == 0 { return nil }
            if Key._isHashedQuickly || slot.keyHash == hash,
                Key._isSame((slot + slots.keyOffset).assumingMemoryBound(to: Key.self).pointee, key)
            {
                guard let address = UnsafeRawPointer(bitPattern: word), word != LookupSlots.removed else { return nil }
                // Counted before the read is over: from then on the table's own reference may go.
                return Unmanaged<Value>.fromOpaque(address).retain().takeRetainedValue()
            }
            index = (index &+ 1) & slots.mask
        }
    }

    /// The object of a key; under the owner's lock.
    package func find(_ key: KeyPlace) -> (any Object)? {
        guard let slots = current else { return nil }
        return object(of: slot(of: key, in: slots).word.pointee.load(ordering: .relaxed))?.takeUnretainedValue()
    }

    /// Files an object.
    ///
    /// - Parameters:
    ///   - value: The object.
    ///   - key: A key that has none.
    ///   - usage: What the owner's lock holds.
    /// - Returns: Memory to give to ``Retirement``, outside of the lock.
    package func insert(_ value: any Object, for key: KeyPlace, _ usage: inout Usage) -> RetiredSlots? {
        let (slots, retired) = room(&usage)
        let slot = slot(of: key, in: slots)
        if slot.word.pointee.load(ordering: .relaxed) == 0 {
            if layout.hash == nil { slot.keyHash = key.hash }
            layout.copy(key.address, slot + slots.keyOffset)
            usage.used += 1
        }
        usage.live += 1
        slot.word.pointee.store(
            UInt(bitPattern: Unmanaged.passRetained(value).toOpaque()), ordering: .sequentiallyConsistent)
        return retired
    }

    /// Takes an object out, if it is the one of its key.
    ///
    /// - Parameters:
    ///   - value: The object.
    ///   - key: Its key.
    ///   - usage: What the owner's lock holds.
    /// - Returns: The object, if it was there, to give to ``Retirement``, outside of the lock.
    package func remove(_ value: any Object, for key: KeyPlace, _ usage: inout Usage) -> (any Object)? {
        guard let slots = current else { return nil }
        let word = slot(of: key, in: slots).word
        let object = Unmanaged.passUnretained(value)
        guard word.pointee.load(ordering: .relaxed) == UInt(bitPattern: object.toOpaque()) else { return nil }
        word.pointee.store(LookupSlots.removed, ordering: .sequentiallyConsistent)
        usage.live -= 1
        return object.takeRetainedValue()
    }

    /// All objects; under the owner's lock.
    package func values(_ usage: borrowing Usage) -> [any Object] {
        guard let slots = current else { return [] }
        var values: [any Object] = []
        values.reserveCapacity(usage.live)
        for index in 0..<slots.capacity {
            if let object = object(of: slots[index].word.pointee.load(ordering: .relaxed)) {
                values.append(object.takeUnretainedValue())
            }
        }
        return values
    }

    /// The keys of all objects, as text; under the owner's lock.
    package func keys(_ usage: borrowing Usage) -> [String] {
        guard let slots = current else { return [] }
        var keys: [String] = []
        keys.reserveCapacity(usage.live)
        for index in 0..<slots.capacity
        where slots[index].word.pointee.load(ordering: .relaxed) > LookupSlots.removed {
            keys.append(layout.text(slots[index] + slots.keyOffset))
        }
        return keys
    }

    private var current: LookupSlots? {
        UnsafeMutableRawPointer(bitPattern: address.load(ordering: .relaxed)).map(LookupSlots.init(memory:))
    }

    private func object(of word: UInt) -> Unmanaged<any Object>? {
        guard word != LookupSlots.removed, let address = UnsafeRawPointer(bitPattern: word) else { return nil }
        return .fromOpaque(address)
    }

    /// The slot that has the key, or the unused one where it belongs.
    private func slot(of key: KeyPlace, in slots: LookupSlots) -> UnsafeMutableRawPointer {
        var index = Int(truncatingIfNeeded: key.hash) & slots.mask
        while slots[index].word.pointee.load(ordering: .relaxed) != 0,
            layout.hash == nil && slots[index].keyHash != key.hash
                || !layout.isSame(slots[index] + slots.keyOffset, key.address)
        {
            index = (index &+ 1) & slots.mask
        }
        return slots[index]
    }

    /// Slots with room for one more, at most three quarters of them used; new ones are at most half full.
    private func room(_ usage: inout Usage) -> (LookupSlots, RetiredSlots?) {
        let old = current
        if let old, (usage.used + 1) * 4 <= old.capacity * 3 { return (old, nil) }
        var capacity = 8
        while capacity < (usage.live + 1) * 2 { capacity *= 2 }
        let new = LookupSlots.allocate(capacity, for: layout)
        if let old {
            for index in 0..<old.capacity {
                let word = old[index].word.pointee.load(ordering: .relaxed)
                guard word > LookupSlots.removed else { continue }
                copy(old[index], layout.hash?(old[index] + old.keyOffset) ?? old[index].keyHash, word, to: new)
            }
        }
        usage.used = usage.live
        address.store(UInt(bitPattern: new.memory), ordering: .sequentiallyConsistent)
        return (new, old.map { RetiredSlots($0, layout) })
    }

    /// Copies a slot into slots that lack its key.
    private func copy(_ slot: UnsafeMutableRawPointer, _ hash: UInt32, _ word: UInt, to slots: LookupSlots) {
        var index = Int(truncatingIfNeeded: hash) & slots.mask
        while slots[index].word.pointee.load(ordering: .relaxed) != 0 { index = (index &+ 1) & slots.mask }
        if layout.hash == nil { slots[index].keyHash = hash }
        layout.copy(slot + slots.keyOffset, slots[index] + slots.keyOffset)
        slots[index].word.pointee.store(word, ordering: .relaxed)
    }
}

/// Memory of a table that grew, which some thread may still be reading.
///
/// Sendable though the compiler cannot see it: nobody changes it any more, and it is freed once.
package final class RetiredSlots: @unchecked Sendable {
    private let slots: LookupSlots
    private let layout: KeyLayout

    init(_ slots: LookupSlots, _ layout: KeyLayout) {
        self.slots = slots
        self.layout = layout
    }

    deinit { slots.deallocate(layout) }
}
