/// Names somebody who wants to know what happens in grains: an argument for a grain's method.
///
/// It keeps nobody alive. It reaches observers in the process of its silo; see ``GrainObservation``.
public struct GrainObserver<Event: Codable & Sendable>: Sendable {
    let number: UInt64
    private let runtime: any GrainRuntime

    init(number: UInt64, runtime: any GrainRuntime) {
        self.number = number
        self.runtime = runtime
    }

    /// Tells the observer an event; does not wait until it is read.
    ///
    /// - Parameter event: The event.
    /// - Returns: Whether the observer is still there.
    /// - Throws: ``GrainError`` with code `.encoding` when the event cannot travel.
    @discardableResult
    public func notify(_ event: Event) throws -> Bool {
        try runtime._observers.send(event, to: number, runtime: runtime)
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
    /// Writes the observer's number.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }

    /// Reads the observer's number; the silo that decodes lends the way to it.
    ///
    /// - Parameter decoder: Where from.
    /// - Throws: `DecodingError` when no silo decodes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let runtime = (decoder.userInfo[.grainRuntime] as? GrainRuntimeBox)?.runtime else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "an observer can be decoded by a silo only")
        }
        self.init(number: try container.decode(UInt64.self), runtime: runtime)
    }
}
