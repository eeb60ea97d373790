/// A grain that calls wait for.
struct ParkedGrain: Sendable {
    /// For each member that was asked to let go, the view it was asked in.
    var pulled: [Int32: Int64] = [:]
}
