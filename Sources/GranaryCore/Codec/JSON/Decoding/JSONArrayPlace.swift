/// How far an array has been read; small enough that its container fits an existential without an allocation.
struct JSONArrayPlace {
    private let storedNode: UInt32
    private let storedIndex: UInt32
    private let storedCount: UInt32

    /// Begins with the first element.
    init(node: Int, count: UInt32) { self.init(node: UInt32(truncatingIfNeeded: node), index: 0, count: count) }

    private init(node: UInt32, index: UInt32, count: UInt32) {
        storedNode = node
        storedIndex = index
        storedCount = count
    }

    /// The node of the next element.
    @inline(__always)
    var node: Int { Int(storedNode) }

    /// The number of elements that were passed.
    @inline(__always)
    var index: Int { Int(storedIndex) }

    /// The number of elements.
    var count: Int { Int(storedCount) }

    /// True behind the last element.
    @inline(__always)
    var isAtEnd: Bool { storedIndex == storedCount }

    /// The place behind the next element.
    @inline(__always)
    func next(_ source: JSONSource) -> JSONArrayPlace {
        JSONArrayPlace(node: source.node(node).next, index: storedIndex &+ 1, count: storedCount)
    }
}
