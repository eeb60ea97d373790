internal import GranaryCore
internal import Tracing

/// Measures and traces what a store does.
struct ObservedStateStore: StateStore {
    let store: any StateStore
    let metrics: SiloMetrics
    let tracer: (any Tracer)?
    let time: any TimeSource

    func load(_ request: StateLoad) async throws -> [StateRecord] {
        let began = time.now
        let result: Result<[StateRecord], any Error>
        do { result = .success(try await traced("load", request.grain) { try await store.load(request) }) } catch {
            result = .failure(error)
        }
        metrics.loaded(result, after: time.now - began)
        return try result.get()
    }

    func save(_ request: StateSave) async throws -> StateSaveOutcome {
        let began = time.now
        let result: Result<StateSaveOutcome, any Error>
        do { result = .success(try await traced("save", request.grain) { try await store.save(request) }) } catch {
            result = .failure(error)
        }
        metrics.saved(result, after: time.now - began)
        return try result.get()
    }

    private func traced<R: Sendable>(_ operation: String, _ grain: GrainID, _ run: () async throws -> R) async throws
        -> R
    {
        guard let tracer else { return try await run() }
        return try await tracer.withSpan("\(operation) \(grain.type)", ofKind: .client) { span in
            span.attributes["granary.grain.type"] = grain.type
            return try await run()
        }
    }
}

extension SiloRuntime {
    /// Has the grains' states kept in a store whose requests are measured, and traced where there is a tracer.
    func keepStates(in store: any StateStore) {
        let isDirect = tracer == nil && store is any DirectStateStore
        _states.use(
            isDirect ? store : ObservedStateStore(store: store, metrics: metrics, tracer: tracer, time: time),
            meter: StoreMeter(metrics: metrics, time: time), runtime: self)
    }
}
