internal import NIOCore
internal import Synchronization

/// Whoever watches grains in one silo's process, by number; it keeps none of them alive.
public final class ObserverTable: Sendable {
    private struct Entry {
        weak var observation: (any AnyObservation)?
    }

    private let entries = Mutex<[UInt64: Entry]>([:])
    private let random: any RandomSource
    /// Whether events are encoded and decoded as those for another process are.
    private let isolates: Bool
    /// The way to observers in other silos.
    let post: ObserverPost

    package init(services: StateServices, isolates: Bool) {
        random = services.random
        self.isolates = isolates
        post = ObserverPost(services: services)
    }

    /// How many there are.
    package var count: Int { entries.withLock(\.count) }

    func nextNumber() -> UInt64 { random.next() }

    func add(_ observation: any AnyObservation) {
        entries.withLock { $0[observation.number] = Entry(observation: observation) }
    }

    func remove(_ number: UInt64) { _ = entries.withLock { $0.removeValue(forKey: number) } }

    /// Hands an event to an observer.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - number: The observer's number.
    ///   - runtime: The silo.
    /// - Returns: Whether the observer is there.
    /// - Throws: ``GrainError`` with code `.encoding` when the event cannot travel.
    func send<Event: Codable & Sendable>(_ event: Event, to number: UInt64, runtime: any GrainRuntime) throws -> Bool {
        guard
            let observation = entries.withLock({ $0[number]?.observation }) as? GrainObservation<Event>
        else { return false }
        guard isolates else { return observation.take(event) }
        var encoder = ArgumentEncoder()
        try encoder.encode(event)
        var decoder = ArgumentDecoder(encoder.buffer, count: 1, runtime: runtime)
        return observation.take(try decoder.decode(Event.self))
    }

    /// Hands events that came from another silo to an observer.
    ///
    /// - Parameters:
    ///   - decoder: The events.
    ///   - number: The observer's number.
    /// - Returns: Whether the observer is there.
    /// - Throws: ``GrainError`` with code `.encoding` when an event cannot be decoded.
    package func receive(_ decoder: inout ArgumentDecoder, for number: UInt64) throws -> Bool {
        guard let observation = entries.withLock({ $0[number]?.observation }) else { return false }
        return try observation.take(from: &decoder)
    }
}

/// What an ``ObserverTable`` knows of an observation.
protocol AnyObservation: AnyObject, Sendable {
    var number: UInt64 { get }

    /// Takes all events that came from another silo; says whether it still takes any.
    func take(from decoder: inout ArgumentDecoder) throws -> Bool
}
