/// The events that grains tell an observer: a sequence to read, for as long as somebody holds it.
///
/// ```swift
/// let bids = silo.observe(Bid.self)
/// try await auction.subscribe(bids.observer)
/// for await bid in bids { show(bid) }
/// ```
///
/// Events come in the order in which they were told, to one reader. Beyond the limit the oldest that were not read are
/// dropped. When nobody holds the observation any more, or its silo has ended, grains find the observer gone.
public final class GrainObservation<Event: Codable & Sendable>: AsyncSequence, AnyObservation {
    /// What grains are given so that they can tell their events.
    public let observer: GrainObserver<Event>
    private let runtime: any GrainRuntime
    private let events: AsyncStream<Event>
    private let continuation: AsyncStream<Event>.Continuation

    package init(in runtime: any GrainRuntime, limit: Int) {
        self.runtime = runtime
        observer = GrainObserver(number: runtime._observers.nextNumber(), limit: limit, runtime: runtime)
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Swift.max(limit, 1)))
        runtime._observers.add(self)
    }

    deinit {
        runtime._observers.remove(observer.number)
        continuation.finish()
    }

    var number: UInt64 { observer.number }

    /// Keeps an event for the reader; says whether it still takes any.
    func take(_ event: Event) -> Bool {
        if case .terminated = continuation.yield(event) { return false }
        return true
    }

    func take(from decoder: inout ArgumentDecoder) throws -> Bool {
        while !decoder.isAtEnd {
            if !take(try decoder.decode(Event.self)) { return false }
        }
        return true
    }

    /// Ends the sequence after the events that are there; grains find the observer gone.
    public func cancel() {
        runtime._observers.remove(observer.number)
        continuation.finish()
    }

    /// Begins to read.
    ///
    /// - Returns: The reader, which holds the observation.
    public func makeAsyncIterator() -> Iterator { Iterator(events.makeAsyncIterator(), of: self) }

    /// Reads a ``GrainObservation``.
    public struct Iterator: AsyncIteratorProtocol {
        private var events: AsyncStream<Event>.Iterator
        private let observation: GrainObservation<Event>

        init(_ events: AsyncStream<Event>.Iterator, of observation: GrainObservation<Event>) {
            self.events = events
            self.observation = observation
        }

        /// The next event.
        ///
        /// - Returns: The event; `nil` once the observation was cancelled, or the task that reads.
        public mutating func next() async -> Event? { await events.next(isolation: #isolation) }

        /// The next event.
        ///
        /// - Parameter actor: Where the reader runs.
        /// - Returns: The event; `nil` once the observation was cancelled, or the task that reads.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> Event? {
            await events.next(isolation: actor)
        }
    }
}
