/// Events in the order of their times; events of one time in the order they were scheduled.
struct EventHeap {
    struct Entry {
        var time: Int64
        var order: UInt64
        var event: SimulationEvent
    }

    private var entries: [Entry] = []
    private var order: UInt64 = 0

    mutating func push(_ event: SimulationEvent, at time: Int64) {
        order += 1
        entries.append(Entry(time: time, order: order, event: event))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            if !Self.precedes(entries[child], entries[parent]) { break }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the first event, unless it is later than the limit: then it keeps its place among those of its time.
    mutating func pop(notAfter limit: Int64) -> Entry? {
        guard let first = entries.first, first.time <= limit else { return nil }
        let last = entries.removeLast()
        if entries.isEmpty { return first }
        entries[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in (2 * parent + 1)...(2 * parent + 2)
            where child < entries.count && Self.precedes(entries[child], entries[least]) {
                least = child
            }
            if least == parent { return first }
            entries.swapAt(parent, least)
            parent = least
        }
    }

    private static func precedes(_ a: Entry, _ b: Entry) -> Bool {
        a.time != b.time ? a.time < b.time : a.order < b.order
    }
}
