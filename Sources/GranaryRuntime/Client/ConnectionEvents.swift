internal import Synchronization

/// Tells everybody who listens what happens to a client's connection.
final class ConnectionEvents: Sendable {
    private struct State {
        var next = 0
        var isOver = false
        var listeners: [Int: AsyncStream<ClientConnectionEvent>.Continuation] = [:]
    }

    /// How many events wait for a listener; beyond it the oldest are dropped.
    private static let limit = 1_000

    private let state = Mutex(State())

    /// Begins to listen.
    func listen() -> AsyncStream<ClientConnectionEvent> {
        let (events, continuation) = AsyncStream.makeStream(
            of: ClientConnectionEvent.self, bufferingPolicy: .bufferingNewest(Self.limit))
        let number: Int? = state.withLock { state in
            if state.isOver { return nil }
            state.next += 1
            state.listeners[state.next] = continuation
            return state.next
        }
        guard let number else {
            continuation.finish()
            return events
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.listeners.removeValue(forKey: number) }
        }
        return events
    }

    func tell(_ event: ClientConnectionEvent) {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield(event) }
    }

    func finish() {
        let listeners = state.withLock { state in
            defer { state.listeners = [:] }
            state.isOver = true
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.finish() }
    }
}
