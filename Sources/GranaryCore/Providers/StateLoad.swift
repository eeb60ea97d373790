/// A request for the states of one grain.
public struct StateLoad: Hashable, Sendable {
    /// The grain.
    public var grain: GrainID
    /// The names of the states, each once.
    public var names: [String]

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - grain: The grain.
    ///   - names: The names of the states, each once.
    public init(grain: GrainID, names: [String]) {
        self.grain = grain
        self.names = names
    }
}
