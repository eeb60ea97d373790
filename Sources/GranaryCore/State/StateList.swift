/// States of one grain: nearly always one, which takes no memory of its own.
struct StateList: RandomAccessCollection {
    private var first: AnyStateHandle?
    private var others: [AnyStateHandle] = []

    /// No states.
    init() {}

    /// One state.
    init(_ handle: AnyStateHandle) { first = handle }

    var startIndex: Int { 0 }
    var endIndex: Int { first == nil ? 0 : 1 + others.count }

    subscript(position: Int) -> AnyStateHandle {
        if position > 0 { return others[position - 1] }
        guard let first else { preconditionFailure("an empty list has no first state") }
        return first
    }

    /// Adds a state at the end.
    mutating func append(_ handle: AnyStateHandle) {
        if first == nil { first = handle } else { others.append(handle) }
    }

    /// The states of which something holds.
    func only(_ holds: (AnyStateHandle) -> Bool) -> StateList {
        var list = StateList()
        for handle in self where holds(handle) { list.append(handle) }
        return list
    }
}
