internal import Synchronization

/// The streams that grains of one silo produce, by their numbers.
public final class StreamTable: Sendable {
    private struct State {
        var entries: [UInt64: StreamEntry] = [:]
        /// The numbers of the streams of each activation.
        var owned: [ObjectIdentifier: Set<UInt64>] = [:]

        mutating func remove(_ number: UInt64) -> StreamEntry? {
            guard let entry = entries.removeValue(forKey: number) else { return nil }
            owned[entry.owner]?.remove(number)
            if owned[entry.owner]?.isEmpty == true { owned[entry.owner] = nil }
            return entry
        }
    }

    private let state = Mutex(State())
    private let services: StateServices
    /// Whether batches are encoded and decoded as those for another process are.
    private let isolates: Bool

    package init(services: StateServices, isolates: Bool) {
        self.services = services
        self.isolates = isolates
    }

    /// How many streams are open.
    package var count: Int { state.withLock(\.entries.count) }

    /// Files a stream and gives it a number, which no other stream has, nor one of a former silo.
    func open(_ source: any StreamSource) -> UInt64 {
        let number = services.random.next()
        let entry = StreamEntry(source, services: services) { [weak self] in self?.end(number) }
        state.withLock { state in
            state.entries[number] = entry
            state.owned[entry.owner, default: []].insert(number)
        }
        entry.watch()
        return number
    }

    /// Forgets a stream.
    func end(_ number: UInt64) {
        let entry = state.withLock { $0.remove(number) }
        entry?.end()
    }

    /// Forgets the streams of an activation that is over.
    package func end(of grain: some Grain) {
        let entries = state.withLock { state in
            (state.owned[ObjectIdentifier(grain)] ?? []).compactMap { state.remove($0) }
        }
        for entry in entries { entry.end() }
    }

    /// Fetches the next elements of a stream.
    nonisolated(nonsending) func next<Element: Codable & Sendable>(
        _ number: UInt64, of grain: GrainID, limit: Int, caller: TurnCaller
    ) async throws -> StreamBatch<Element> {
        guard let entry = state.withLock({ $0.entries[number] }),
            let source = entry.source as? any StreamSource<Element>
        else { throw Self.lost(grain) }
        entry.begin()
        defer { entry.pause() }
        do {
            let batch = try await fetch(source, limit, caller)
            if batch.isLast { end(number) }
            return batch
        } catch is GateClosed {
            end(number)
            throw Self.lost(grain)
        } catch {
            end(number)
            throw error
        }
    }

    private nonisolated(nonsending) func fetch<Element: Codable & Sendable>(
        _ source: any StreamSource<Element>, _ limit: Int, _ caller: TurnCaller
    ) async throws -> StreamBatch<Element> {
        guard isolates else { return try await source.next(limit, caller) }
        let reply = try await source.nextReply(limit, caller)
        var decoder = ArgumentDecoder(reply.buffer, count: 1, runtime: services.runtime)
        return try decoder.decode(StreamBatch<Element>.self)
    }

    private static func lost(_ grain: GrainID) -> GrainError {
        GrainError(
            .streamLost,
            "There is no record of this stream: its activation ended, its reader asked for nothing for too long, or it was "
                + "read to its end. Call the method again for a new one.",
            grain: grain)
    }
}
