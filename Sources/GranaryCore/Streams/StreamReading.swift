internal import NIOCore
internal import Synchronization

/// One reader's hold on a stream: when it goes, the producer is freed.
final class StreamReading: Sendable {
    private let number: UInt64
    private let grain: GrainID
    /// The silo that produces it; 0 for this one.
    private let silo: Int32
    private let runtime: any GrainRuntime
    /// Whether the producer has nothing more, and knows it.
    private let isOver = Atomic(false)

    init(_ number: UInt64, of grain: GrainID, on silo: Int32, in runtime: any GrainRuntime) {
        self.number = number
        self.grain = grain
        self.silo = silo
        self.runtime = runtime
    }

    deinit {
        if silo == 0 {
            runtime._streams.end(number)
        } else if !isOver.load(ordering: .relaxed) {
            var arguments = ArgumentEncoder()
            // An integer can always be encoded.
            guard (try? arguments.encode(number)) != nil else { return }
            runtime._tell(silo, SiloMethod.endOfStream.rawValue, arguments)
        }
    }

    nonisolated(nonsending) func next<Element: Codable & Sendable>(
        _ limit: Int, _ caller: TurnCaller
    ) async throws -> StreamBatch<Element> {
        try Task.checkCancellation()
        if silo == 0 { return try await runtime._streams.next(number, of: grain, limit: limit, caller: caller) }
        var arguments = ArgumentEncoder()
        try arguments.encode(number)
        try arguments.encode(limit)
        do {
            let reply = try await runtime._ask(silo, SiloMethod.nextOfStream.rawValue, arguments)
            var decoder = ArgumentDecoder(reply.buffer, count: 1, runtime: runtime)
            let batch = try decoder.decode(StreamBatch<Element>.self)
            if batch.isLast { isOver.store(true, ordering: .relaxed) }
            return batch
        } catch is SiloEnded {
            isOver.store(true, ordering: .relaxed)
            throw StreamTable.lost(grain, "its silo has ended")
        } catch var error as GrainError {
            if error.code == .streamLost { isOver.store(true, ordering: .relaxed) }
            // A batch whose answer was lost is gone, and the rest without it would not be the stream.
            if error.code == .outcomeUnknown { throw StreamTable.lost(grain, error.message) }
            error.grain = grain
            throw error
        }
    }
}
