internal import DequeModule

/// Calls that wait at a gate, in their order: nearly always one, which takes no memory of its own.
struct TurnLine: Sequence {
    private(set) var first: TurnWaiter?
    private var others = Deque<TurnWaiter>()

    /// Nobody.
    init() {}

    var isEmpty: Bool { first == nil }
    var count: Int { first == nil ? 0 : 1 + others.count }

    mutating func append(_ waiter: TurnWaiter) {
        if first == nil { first = waiter } else { others.append(waiter) }
    }

    mutating func prepend(_ waiter: TurnWaiter) {
        if let first { others.prepend(first) }
        first = waiter
    }

    /// Takes the first one out, if there is one.
    mutating func removeFirst() { first = others.popFirst() }

    mutating func removeAll(where condition: (TurnWaiter) -> Bool = { _ in true }) {
        others.removeAll(where: condition)
        if let first, condition(first) { removeFirst() }
    }

    func makeIterator() -> some IteratorProtocol<TurnWaiter> {
        var (next, rest) = (first, others.makeIterator())
        return AnyIterator {
            defer { next = rest.next() }
            return next
        }
    }
}
