/// Numbers below a bound in an order that no cache foresees, the same one for every contestant: Marsaglia's xorshift.
struct RandomWalk {
    private var state: UInt64
    private let bound: UInt64

    /// - Parameters:
    ///   - walker: Who walks; each one has an order of its own.
    ///   - bound: All numbers are below.
    init(_ walker: Int, below bound: Int) {
        state = 0x9E37_79B9_7F4A_7C15 &* UInt64(walker + 1)
        self.bound = UInt64(bound)
    }

    mutating func next() -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(((state >> 32) &* bound) >> 32)
    }
}
