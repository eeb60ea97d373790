/// One reader's hold on a stream: when it goes, the producer is freed.
final class StreamReading: Sendable {
    private let number: UInt64
    private let grain: GrainID
    private let runtime: any GrainRuntime

    init(_ number: UInt64, of grain: GrainID, in runtime: any GrainRuntime) {
        self.number = number
        self.grain = grain
        self.runtime = runtime
    }

    deinit { runtime._streams.end(number) }

    nonisolated(nonsending) func next<Element: Codable & Sendable>(
        _ limit: Int, _ caller: TurnCaller
    ) async throws -> StreamBatch<Element> {
        try Task.checkCancellation()
        return try await runtime._streams.next(number, of: grain, limit: limit, caller: caller)
    }
}
