/// Names somebody who wants to know what happens in grains: an argument for a grain's method.
///
/// It keeps nobody alive, and it reaches observers in any silo of the cluster; see ``GrainObservation``.
public struct GrainObserver<Event: Codable & Sendable>: Sendable {
    let number: UInt64
    /// The observer's silo; 0 for this one.
    private let silo: Int32
    /// How many events wait for the observer at most.
    private let limit: Int
    private let runtime: any GrainRuntime

    init(number: UInt64, on silo: Int32 = 0, limit: Int, runtime: any GrainRuntime) {
        self.number = number
        self.silo = silo
        self.limit = Swift.max(limit, 1)
        self.runtime = runtime
    }

    /// Tells the observer an event; does not wait until it is read, nor until it has arrived.
    ///
    /// One that is in another silo gets its events in order, each at most once; while they are on their way, further ones wait
    /// here, as many as its limit allows, and beyond it the oldest are dropped.
    ///
    /// - Parameter event: The event.
    /// - Returns: Whether the observer is still there, as far as this silo knows: of one in another silo it learns soon after
    ///   the first event that comes too late.
    /// - Throws: ``GrainError`` with code `.encoding` when the event cannot travel.
    @discardableResult
    public func notify(_ event: Event) throws -> Bool {
        if silo == 0 { return try runtime._observers.send(event, to: number, runtime: runtime) }
        var encoder = ArgumentEncoder()
        try encoder.encode(event)
        return runtime._observers.post.send(encoder, to: number, on: silo, limit: limit, runtime: runtime)
    }
}

extension GrainObserver: Hashable {
    /// Whether two name the same observer.
    public static func == (left: Self, right: Self) -> Bool { left.number == right.number }

    /// Hashes the observer's number.
    ///
    /// - Parameter hasher: The hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(number) }
}

extension GrainObserver: Codable {
    private enum CodingKeys: String, CodingKey {
        case silo, number, limit
    }

    /// Writes the observer's silo, number and limit.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(silo == 0 ? runtime._silo : silo, forKey: .silo)
        try container.encode(number, forKey: .number)
        try container.encode(limit, forKey: .limit)
    }

    /// Reads the observer's silo, number and limit; the silo that decodes lends the way to it.
    ///
    /// - Parameter decoder: Where from.
    /// - Throws: `DecodingError` when no silo decodes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let runtime = (decoder.userInfo[.grainRuntime] as? GrainRuntimeBox)?.runtime else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "an observer can be decoded by a silo only"))
        }
        let silo = try container.decode(Int32.self, forKey: .silo)
        self.init(
            number: try container.decode(UInt64.self, forKey: .number), on: silo == runtime._silo ? 0 : silo,
            limit: try container.decode(Int.self, forKey: .limit), runtime: runtime)
    }
}
