import CGranaryReads
import GranaryCore
import Synchronization
import Testing

/// An object that says when it is let go.
private final class Entry: Sendable {
    let number: Int
    private let ends: Counter

    init(_ number: Int, ends: Counter) {
        self.number = number
        self.ends = ends
        ends.begun.add(1, ordering: .relaxed)
    }

    deinit { ends.ended.add(1, ordering: .relaxed) }
}

private final class Counter: Sendable {
    let begun = Atomic<Int>(0)
    let ended = Atomic<Int>(0)

    var isEven: Bool { begun.load(ordering: .relaxed) == ended.load(ordering: .relaxed) }
}

/// A key whose hash the table keeps.
private struct KeptKey: GrainKey {
    var number: Int
    var keyText: String { String(number) }

    init(number: Int) { self.number = number }

    init?(keyText: String) {
        guard let number = Int(keyText) else { return nil }
        self.number = number
    }

    /// Few hashes, so that slots collide and runs of them wrap around.
    var _tableHash: UInt32 { UInt32(truncatingIfNeeded: (number % 7) &* 0x9E37_79B9) }
}

/// A key whose hash the table makes again.
private struct QuickKey: GrainKey {
    var kept: KeptKey
    var keyText: String { kept.keyText }

    init(number: Int) { kept = KeptKey(number: number) }

    init?(keyText: String) {
        guard let kept = KeptKey(keyText: keyText) else { return nil }
        self.kept = kept
    }

    var _tableHash: UInt32 { kept._tableHash }
    static var _isHashedQuickly: Bool { true }
}

/// A table and its lock, as a shard has them.
private final class Locked<Key: GrainKey>: Sendable {
    let table = LookupTable(KeyLayout(Key.self))
    let usage = Mutex(LookupTable.Usage())

    func insert(_ entry: Entry, _ key: Key) {
        let retired = KeyPlace.of(key, hash: key._tableHash) { place in
            usage.withLock { table.insert(entry, for: place, &$0) }
        }
        if let retired { Retirement.retire(retired) }
    }

    func remove(_ entry: Entry, _ key: Key) -> Bool {
        let removed = KeyPlace.of(key, hash: key._tableHash) { place in
            usage.withLock { table.remove(entry, for: place, &$0) }
        }
        guard let removed else { return false }
        Retirement.retire(removed)
        return true
    }

    func find(_ key: Key) -> Entry? {
        let entry = table.find(key, hash: key._tableHash, as: Entry.self)
        let same = KeyPlace.of(key, hash: key._tableHash) { place in usage.withLock { _ in table.find(place) } }
        let isSame = entry === same
        #expect(isSame)
        return entry
    }

    var values: [Entry] { usage.withLock { table.values($0) }.map { unsafeDowncast($0, to: Entry.self) } }
    var live: Int { usage.withLock(\.live) }
}

@Suite(.timeLimit(.minutes(1))) struct LookupTableTests {
    private let counter = Counter()

    @Test(arguments: 1...8 as ClosedRange<UInt64>) func `it answers as a dictionary does`(seed: UInt64) {
        compare(seed, KeptKey.init(number:))
        compare(seed, QuickKey.init(number:))
        compare(seed) { $0 }
    }

    private func compare<Key: GrainKey>(_ seed: UInt64, _ key: (Int) -> Key) {
        let random = SeededRandomSource(seed: seed)
        let locked = Locked<Key>()
        var model: [Int: Entry] = [:]
        for step in 0..<4_000 {
            let number = Int(random.next() % 60)
            if let entry = model[number] {
                if random.next() % 2 == 0 {
                    #expect(locked.remove(entry, key(number)))
                    #expect(!locked.remove(entry, key(number)))
                    model[number] = nil
                }
            } else {
                let entry = Entry(step, ends: counter)
                #expect(!locked.remove(entry, key(number)))
                locked.insert(entry, key(number))
                model[number] = entry
            }
            let probe = Int(random.next() % 60)
            #expect(locked.find(key(probe)) === model[probe])
        }
        #expect(Set(locked.values.map(\.number)) == Set(model.values.map(\.number)))
        #expect(locked.live == model.count)
    }

    @Test func `growth and churn keep every object within reach`() {
        let locked = Locked<Int>()
        for number in 0..<10_000 { locked.insert(Entry(number, ends: counter), number) }
        for number in 0..<10_000 { #expect(locked.find(number)?.number == number) }
        // Each key leaves and another comes: the slots of the first ones are swept up, not searched for ever.
        for number in 10_000..<50_000 {
            guard let old = locked.find(number - 10_000) else {
                Issue.record("\(number - 10_000) is gone")
                return
            }
            #expect(locked.remove(old, number - 10_000))
            locked.insert(Entry(number, ends: counter), number)
        }
        #expect(locked.live == 10_000)
        #expect(locked.find(39_999) == nil)
        #expect(locked.find(40_000)?.number == 40_000)
    }

    @Test func `what a read may see stays until the read is over`() async throws {
        let locked = Locked<Int>()
        weak var seen: Entry?
        let read = granary_read_begin()
        do {
            let entry = Entry(1, ends: counter)
            seen = entry
            locked.insert(entry, 1)
            #expect(locked.remove(entry, 1))
        }
        Retirement.sweep()
        #expect(seen != nil)
        #expect(locked.find(1) == nil)
        granary_read_end(read)
        // Reads of other tests may have gone on as well; they are short.
        while seen != nil {
            await Task.yield()
            Retirement.sweep()
        }
    }

    @Test func `a read within a read does not end it`() {
        let outer = granary_read_begin()
        let inner = granary_read_begin()
        #expect(outer != nil)
        #expect(inner == nil)
        granary_read_end(inner)
        #expect(granary_reader_turn(outer) & 1 == 1)
        granary_read_end(outer)
        #expect(granary_reader_turn(outer) & 1 == 0)
    }

    @Test func `a table that ends lets its objects go`() {
        do {
            let locked = Locked<Int>()
            for number in 0..<100 { locked.insert(Entry(number, ends: counter), number) }
            #expect(!counter.isEven)
        }
        #expect(counter.begun.load(ordering: .relaxed) == 100)
        #expect(counter.isEven)
    }
}
