internal import GranaryCore
internal import Metrics
internal import Tracing

/// Measures and traces what a store does.
struct ObservedStateStore: StateStore {
    let store: any StateStore
    let metrics: SiloMetrics
    let tracer: (any Tracer)?
    let time: any TimeSource

    func load(_ request: StateLoad) async throws -> [StateRecord] {
        let began = time.now
        do {
            let records = try await traced("load", request.grain) { try await store.load(request) }
            metrics.storeLoads.record(duration: time.now - began)
            return records
        } catch {
            metrics.loadErrors.increment()
            throw error
        }
    }

    func save(_ request: StateSave) async throws -> StateSaveOutcome {
        let began = time.now
        do {
            let outcome = try await traced("save", request.grain) { try await store.save(request) }
            metrics.storeSaves.record(duration: time.now - began)
            if case .conflict = outcome { metrics.conflicts.increment() }
            return outcome
        } catch {
            metrics.saveErrors.increment()
            throw error
        }
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
    /// A store whose requests are measured, and traced where there is a tracer.
    func observed(_ store: any StateStore) -> any StateStore {
        if tracer == nil, let store = store as? any DirectStateStore {
            return ObservedDirectStateStore(store: store, metrics: metrics, time: time)
        }
        return ObservedStateStore(store: store, metrics: metrics, tracer: tracer, time: time)
    }
}
