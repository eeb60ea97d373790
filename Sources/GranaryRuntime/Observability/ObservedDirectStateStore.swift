internal import GranaryCore

/// Measures what a store does that answers without a task.
struct ObservedDirectStateStore: DirectStateStore {
    let store: any DirectStateStore
    let metrics: SiloMetrics
    let time: any TimeSource

    func load(_ request: StateLoad, completion: @escaping @Sendable (Result<[StateRecord], any Error>) -> Void) {
        let began = time.now
        store.load(request) { result in
            metrics.loaded(result, after: time.now - began)
            completion(result)
        }
    }

    func save(_ request: StateSave, completion: @escaping @Sendable (Result<StateSaveOutcome, any Error>) -> Void) {
        let began = time.now
        store.save(request) { result in
            metrics.saved(result, after: time.now - began)
            completion(result)
        }
    }

    func load(_ request: StateLoad) async throws -> [StateRecord] {
        // Resumed exactly once: a direct store calls back once, which is what it promises.
        try await withUnsafeThrowingContinuation { waiter in
            load(request) { waiter.resume(with: $0) }
        }
    }

    func save(_ request: StateSave) async throws -> StateSaveOutcome {
        // Resumed exactly once, as above.
        try await withUnsafeThrowingContinuation { waiter in
            save(request) { waiter.resume(with: $0) }
        }
    }
}
