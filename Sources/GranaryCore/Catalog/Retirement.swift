internal import CGranaryReads
internal import Synchronization

/// Lets objects go that were taken out of a table that is read without a lock, as soon as no thread can still be reading
/// them.
///
/// Nobody waits here: what was taken out is put aside, and let go some hundred at a time, or at the next ``sweep()``. One
/// barrier for all threads then serves all of them, and none costs a read anything.
package enum Retirement {
    /// Objects, and the reads that were going on when they had been taken out.
    private struct Batch: Sendable {
        /// Sendable though the compiler cannot see it: the words are never freed, and C reads them atomically.
        struct Read: @unchecked Sendable {
            let reader: UnsafeMutableRawPointer
            let turn: UInt64

            var isOver: Bool { granary_reader_turn(reader) != turn }
        }

        var objects: [any LookupTable.Object]
        var reads: [Read]
    }

    private struct State {
        /// What was taken out since the last sweep.
        var fresh: [any LookupTable.Object] = []
        var batches: [Batch] = []
    }

    /// How many objects are worth a sweep.
    private static let crowd = 256

    private static let state = Mutex(State())
    private static let count = Atomic<Int>(0)

    /// Lets an object go that no read that begins from now on can find.
    ///
    /// - Parameter object: The object.
    package static func retire(_ object: any LookupTable.Object) {
        count.add(1, ordering: .relaxed)
        let isCrowded = state.withLock { state in
            state.fresh.append(object)
            return state.fresh.count >= crowd
        }
        if isCrowded { sweep() }
    }

    /// Lets those objects go whose last possible reads are over by now.
    package static func sweep() {
        guard count.load(ordering: .relaxed) > 0 else { return }
        let over = state.withLock { state in
            if !state.fresh.isEmpty, granary_readers_meet() {
                state.batches.append(Batch(objects: state.fresh, reads: readsNow()))
                state.fresh = []
            }
            var over: [any LookupTable.Object] = []
            state.batches.removeAll { batch in
                guard batch.reads.allSatisfy(\.isOver) else { return false }
                over += batch.objects
                return true
            }
            return over
        }
        // They end here, outside of the lock: the end of an object may retire others.
        count.subtract(over.count, ordering: .relaxed)
    }

    private static func readsNow() -> [Batch.Read] {
        var reads: [Batch.Read] = []
        var next = granary_reader_first()
        while let reader = next {
            let turn = granary_reader_turn(reader)
            if turn & 1 == 1 { reads.append(Batch.Read(reader: reader, turn: turn)) }
            next = granary_reader_next(reader)
        }
        return reads
    }
}
