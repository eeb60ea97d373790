/// What produces a stream, in turns of its grain.
protocol StreamSource<Element>: AnyObject, Sendable {
    associatedtype Element: Codable & Sendable

    /// The activation that it belongs to.
    var owner: any Grain { get }

    /// Produces up to so many elements in one turn.
    ///
    /// - Parameters:
    ///   - limit: How many.
    ///   - caller: Who asks.
    /// - Returns: The elements.
    /// - Throws: What the producer throws; ``GateClosed`` when the activation is over.
    nonisolated(nonsending) func next(_ limit: Int, _ caller: TurnCaller) async throws -> StreamBatch<Element>
}

extension StreamSource {
    /// The next elements in the form in which they travel.
    nonisolated(nonsending) func nextReply(
        _ limit: Int, _ caller: TurnCaller
    ) async throws -> (reply: Reply, isLast: Bool) {
        let batch = try await next(limit, caller)
        return (try Reply(batch), batch.isLast)
    }
}

/// A stream whose elements a closure makes one after the other from a state of its own.
///
/// Sendable though the compiler cannot see it: what changes is touched in exclusive turns of the grain only, and of these
/// one runs at a time.
final class UnfoldingStream<G: Grain, State: Sendable, Element: Codable & Sendable>: StreamSource, @unchecked Sendable {
    /// How long a turn goes on for a fuller batch: 100 ms, in ticks.
    private static var patience: UInt32 { 10 }

    private let grain: G
    private let step: @Sendable (isolated G, inout State) async throws -> Element?
    private var state: State
    private var failure: (any Error)?

    var owner: any Grain { grain }

    init(
        _ grain: G, from state: State, _ step: @escaping @Sendable (isolated G, inout State) async throws -> Element?
    ) {
        self.grain = grain
        self.state = state
        self.step = step
    }

    nonisolated(nonsending) func next(_ limit: Int, _ caller: TurnCaller) async throws -> StreamBatch<Element> {
        let host = grain.context.host
        do {
            return try await grain._turn(host.address, caller) { grain in
                try await self.fill(limit, grain, host.clock)
            }
        } catch let interruption as Interruption {
            guard interruption.elements.isEmpty else {
                return StreamBatch(elements: interruption.elements, isLast: false)
            }
            throw host.outward(interruption.cause, id: grain.context.id, method: "next")
        }
    }

    private func fill(_ limit: Int, _ grain: isolated G, _ clock: CoarseClock) async throws -> StreamBatch<Element> {
        if let failure { throw Interruption(elements: [], cause: failure) }
        let began = clock.now
        var elements: [Element] = []
        do {
            while elements.count < limit, clock.now &- began < Self.patience {
                guard let element = try await step(grain, &state) else {
                    return StreamBatch(elements: elements, isLast: true)
                }
                elements.append(element)
            }
        } catch {
            failure = error
            throw Interruption(elements: elements, cause: error)
        }
        return StreamBatch(elements: elements, isLast: false)
    }

    /// Ends the turn as one that threw, and keeps what came before; the next batch tells the error.
    private struct Interruption: Error {
        var elements: [Element]
        var cause: any Error
    }
}
