/// A store that answers from a thread of its own, so that a request needs no task to wait in.
///
/// Every completion is called exactly once, on any thread, possibly before the method returns; it must not block.
package protocol DirectStateStore: StateStore {
    /// Loads the named states of one grain; see ``StateStore/load(_:)``.
    func load(_ request: StateLoad, completion: @escaping @Sendable (Result<[StateRecord], any Error>) -> Void)

    /// Saves one or more states of one grain, all or none; see ``StateStore/save(_:)``.
    func save(_ request: StateSave, completion: @escaping @Sendable (Result<StateSaveOutcome, any Error>) -> Void)
}

extension DirectStateStore {
    /// Loads, and waits for the answer.
    package func load(_ request: StateLoad) async throws -> [StateRecord] {
        try await withCheckedThrowingContinuation { waiter in
            load(request) { waiter.resume(with: $0) }
        }
    }

    /// Saves, and waits for the answer.
    package func save(_ request: StateSave) async throws -> StateSaveOutcome {
        try await withCheckedThrowingContinuation { waiter in
            save(request) { waiter.resume(with: $0) }
        }
    }
}
