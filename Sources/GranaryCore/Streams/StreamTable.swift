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
    package func end(_ number: UInt64) {
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
        try await use(number, of: grain) { source in
            guard let source = source as? any StreamSource<Element> else { throw Self.lost(grain) }
            let batch = try await fetch(source, limit, caller)
            return (batch, batch.isLast)
        }
    }

    /// Fetches the next elements of a stream for a reader in another silo.
    ///
    /// - Parameters:
    ///   - number: The stream's number.
    ///   - limit: How many elements at most.
    ///   - deadline: The tick at which the reader gives up.
    /// - Returns: The batch as it travels.
    /// - Throws: What the producer throws; ``GrainError`` with code `.streamLost` when it is gone.
    package nonisolated(nonsending) func nextReply(
        _ number: UInt64, limit: Int, deadline: UInt32
    ) async throws -> Reply {
        try await use(number, of: nil) { source in
            try await source.nextReply(max(limit, 1), TurnCaller(nil, method: "next", deadline: deadline))
        }
    }

    /// Fetches elements, and forgets the stream when there are no more.
    private nonisolated(nonsending) func use<Batch>(
        _ number: UInt64, of grain: GrainID?,
        _ fetch: nonisolated(nonsending) (any StreamSource) async throws -> (Batch, isLast: Bool)
    ) async throws -> Batch {
        guard let entry = state.withLock({ $0.entries[number] }) else { throw Self.lost(grain) }
        entry.begin()
        defer { entry.pause() }
        do {
            let (batch, isLast) = try await fetch(entry.source)
            if isLast { end(number) }
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
        let (reply, _) = try await source.nextReply(limit, caller)
        var decoder = ArgumentDecoder(reply.buffer, count: 1, runtime: services.runtime)
        return try decoder.decode(StreamBatch<Element>.self)
    }

    static func lost(_ grain: GrainID?, _ reason: String? = nil) -> GrainError {
        let reason =
            reason ?? "its activation ended, its reader asked for nothing for too long, or it was read to its end"
        return GrainError(
            .streamLost, "There is no record of this stream: \(reason). Call the method again for a new one.",
            grain: grain)
    }
}
