/// A request to write states of one grain, all or none.
public struct StateSave: Hashable, Sendable {
    /// The grain.
    public var grain: GrainID
    /// The writes, each state name once, never empty.
    public var writes: [StateWrite]

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - grain: The grain.
    ///   - writes: The writes, each state name once, never empty.
    public init(grain: GrainID, writes: [StateWrite]) {
        self.grain = grain
        self.writes = writes
    }
}
