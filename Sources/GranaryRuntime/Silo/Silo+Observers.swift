public import GranaryCore

extension Silo {
    /// Makes an observer that grains of this silo's cluster can tell events.
    ///
    /// - Parameters:
    ///   - type: What it is told.
    ///   - limit: How many events wait for the reader at most; beyond it the oldest are dropped. 1,000 unless said
    ///     otherwise.
    /// - Returns: The observation; when nobody holds it any more, the observer is gone.
    public func observe<Event: Codable & Sendable>(_ type: Event.Type, limit: Int = 1_000) -> GrainObservation<Event> {
        GrainObservation(in: runtime, limit: limit)
    }
}
