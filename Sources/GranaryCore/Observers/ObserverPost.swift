internal import DequeModule
internal import Logging
internal import NIOCore
internal import Synchronization

/// Carries events to observers in other silos.
///
/// To each observer one batch is on its way at a time; what is told meanwhile waits, bounded, and goes with the next one. So
/// events arrive in order, a slow silo fills no queue but its own, and the answer says whether the observer is there.
final class ObserverPost: Sendable {
    private struct State {
        /// What waits for each observer to whom a batch is on its way.
        var waiting: [UInt64: Deque<ArgumentEncoder>] = [:]
        /// Observers that were found gone, until whoever tells them events has learned it; with the tick of the finding.
        var gone: [UInt64: UInt32] = [:]
    }

    /// How many gone observers are remembered before those are forgotten that nobody has told anything for long.
    private static let crowd = 1_024
    /// How many bytes of events travel at once, if one of them is not larger.
    private static let batchBytes = 256 * 1_024

    private let services: StateServices
    private let state = Mutex(State())

    init(services: StateServices) { self.services = services }

    /// Sends an event.
    ///
    /// - Parameters:
    ///   - event: The encoded event.
    ///   - number: The observer's number.
    ///   - silo: The observer's silo.
    ///   - limit: How many events may wait for it.
    ///   - runtime: The silo that sends.
    /// - Returns: Whether the observer is there, as far as known.
    func send(
        _ event: ArgumentEncoder, to number: UInt64, on silo: Int32, limit: Int, runtime: any GrainRuntime
    ) -> Bool {
        if runtime._hasEnded(silo) { return false }
        let begins: Bool? = state.withLock { state in
            if state.gone.removeValue(forKey: number) != nil { return nil }
            guard state.waiting[number] != nil else {
                state.waiting[number] = [event]
                return true
            }
            if state.waiting[number]?.count ?? 0 >= limit { state.waiting[number]?.removeFirst() }
            state.waiting[number]?.append(event)
            return false
        }
        guard let begins else { return false }
        if begins { services.tasks.startApart { [self] in await deliver(to: number, on: silo, runtime) } }
        return true
    }

    /// Sends batch after batch until nothing waits any more.
    private func deliver(to number: UInt64, on silo: Int32, _ runtime: any GrainRuntime) async {
        while let events = takeBatch(for: number) {
            do {
                var arguments = ArgumentEncoder()
                try arguments.encode(number)
                for event in events { arguments.append(event) }
                let reply = try await runtime._ask(silo, SiloMethod.tellObserver.rawValue, arguments)
                var decoder = ArgumentDecoder(reply.buffer, count: 1, runtime: nil)
                if try decoder.decode(Bool.self) { continue }
                return noteGone(number)
            } catch is SiloEnded {
                return noteGone(number)
            } catch let error as GrainError where error.code == .siloUnavailable || error.code == .fenced {
                // This silo itself stops.
                return noteGone(number)
            } catch {
                runtime._logger.warning(
                    "events for an observer in another silo were lost",
                    metadata: ["silo": "\(silo)", "events": "\(events.count)", "error": "\(error)"])
            }
        }
    }

    /// The events that go next; without any the observer's line is over.
    private func takeBatch(for number: UInt64) -> [ArgumentEncoder]? {
        state.withLock { state in
            guard var line = state.waiting[number], !line.isEmpty else {
                state.waiting[number] = nil
                return nil
            }
            var batch: [ArgumentEncoder] = []
            var bytes = 0
            while let event = line.first, batch.isEmpty || bytes + event.buffer.readableBytes <= Self.batchBytes {
                bytes += event.buffer.readableBytes
                batch.append(line.removeFirst())
            }
            state.waiting[number] = line
            return batch
        }
    }

    private func noteGone(_ number: UInt64) {
        let now = services.clock.now
        let patience = services.waitTicks
        state.withLock { state in
            state.waiting[number] = nil
            state.gone[number] = now
            guard state.gone.count > Self.crowd else { return }
            state.gone = state.gone.filter { now &- $0.value < patience }
        }
    }
}
