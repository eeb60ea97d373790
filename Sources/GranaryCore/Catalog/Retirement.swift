internal import CGranaryReads
internal import Synchronization

/// Lets objects go that were taken out of a table that is read without a lock, as soon as no thread can still be reading
/// them.
///
/// Nobody waits here: what some thread may be reading is put aside and looked at again at the next retirement, or the next
/// ``sweep()``.
package enum Retirement {
    /// An object, and the reads that were going on when it had been taken out.
    private struct Retired: Sendable {
        /// Sendable though the compiler cannot see it: the words are never freed, and C reads them atomically.
        struct Read: @unchecked Sendable {
            let reader: UnsafeMutableRawPointer
            let turn: UInt64

            var isOver: Bool { granary_reader_turn(reader) != turn }
        }

        var object: (any AnyObject & Sendable)?
        var reads: [Read]
    }

    private static let waiting = Mutex<[Retired]>([])
    private static let count = Atomic<Int>(0)

    /// Lets an object go that no read that begins from now on can find.
    ///
    /// - Parameter object: The object; the caller holds no reference to it any more.
    package static func retire(_ object: consuming any AnyObject & Sendable) {
        if count.load(ordering: .relaxed) > 0 { sweep() }
        let reads = readsNow()
        guard !reads.isEmpty else { return }
        let retired = Retired(object: object, reads: reads)
        waiting.withLock { $0.append(retired) }
        count.add(1, ordering: .relaxed)
    }

    /// Lets those objects go whose last possible reads are over by now.
    package static func sweep() {
        guard count.load(ordering: .relaxed) > 0 else { return }
        let over = waiting.withLock { waiting in
            var over: [Retired] = []
            waiting.removeAll { retired in
                guard retired.reads.allSatisfy(\.isOver) else { return false }
                over.append(retired)
                return true
            }
            return over
        }
        // They end here, outside of the lock: the end of an object may retire others.
        count.subtract(over.count, ordering: .relaxed)
    }

    private static func readsNow() -> [Retired.Read] {
        var reads: [Retired.Read] = []
        var next = granary_reader_first()
        while let reader = next {
            let turn = granary_reader_turn(reader)
            if turn & 1 == 1 { reads.append(Retired.Read(reader: reader, turn: turn)) }
            next = granary_reader_next(reader)
        }
        return reads
    }
}
