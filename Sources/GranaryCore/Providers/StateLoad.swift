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

    /// The answer that records by name make, if they have them all.
    package func records(in warm: [String: StateRecord]?) -> [StateRecord]? {
        guard let warm else { return nil }
        let records = names.compactMap { warm[$0] }
        return records.count == names.count ? records : nil
    }
}
