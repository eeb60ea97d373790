/// How far an array has been read; small enough that its container fits an existential without an allocation.
struct CBORArrayPlace {
    /// Where the next element, or the break, is.
    private(set) var offset: Int
    private var passed: UInt32 = 0
    /// The elements to come; the greatest number, which no buffer holds, where a break ends them.
    private var left: UInt32

    init(offset: Int, count: Int?) {
        self.offset = offset
        left = count.flatMap { UInt32(exactly: $0) } ?? .max
    }

    /// The number of elements, if it is declared.
    var count: Int? { isOpenEnded ? nil : Int(passed) + Int(left) }

    /// The number of elements that were passed.
    var index: Int { Int(passed) }

    /// True when a break ends the array.
    var isOpenEnded: Bool { left == .max }

    /// True behind the last of a declared number of elements.
    var isBehindLast: Bool { left == 0 }

    /// Goes on behind an element.
    mutating func pass(to end: Int) {
        offset = end
        passed &+= 1
        if !isOpenEnded { left &-= 1 }
    }
}
