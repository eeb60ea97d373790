/// A store that answers from a thread of its own, so that a request needs no task to wait in.
///
/// Every receiver gets its answer exactly once, on any thread, possibly before the method returns.
package protocol DirectStateStore: StateStore {
    /// Loads the named states of one grain; see ``StateStore/load(_:)``.
    func load(_ request: StateLoad, for receiver: any LoadReceiver)

    /// Saves one or more states of one grain, all or none; see ``StateStore/save(_:)``.
    func save(_ request: StateSave, for receiver: any SaveReceiver)
}

/// Gets the answer to a load; must not block.
///
/// An object and not a closure: who waits for an answer has one anyway, and a thread that frees what others made waits for
/// their allocator.
package protocol LoadReceiver: AnyObject, Sendable {
    func loaded(_ result: Result<LoadedStates, any Error>)
}

/// Gets the answer to a save; must not block.
package protocol SaveReceiver: AnyObject, Sendable {
    func saved(_ result: Result<StateSaveOutcome, any Error>)
}

extension DirectStateStore {
    /// Loads, and waits for the answer.
    package func load(_ request: StateLoad) async throws -> [StateRecord] {
        let loaded = try await withCheckedThrowingContinuation { load(request, for: StoreWaiter($0)) }
        return Array(loaded)
    }

    /// Saves, and waits for the answer.
    package func save(_ request: StateSave) async throws -> StateSaveOutcome {
        try await withCheckedThrowingContinuation { save(request, for: StoreWaiter($0)) }
    }
}

/// A task that waits for an answer.
private final class StoreWaiter<Answer: Sendable>: Sendable {
    let waiter: CheckedContinuation<Answer, any Error>

    init(_ waiter: CheckedContinuation<Answer, any Error>) { self.waiter = waiter }
}

extension StoreWaiter: LoadReceiver where Answer == LoadedStates {
    func loaded(_ result: Result<LoadedStates, any Error>) { waiter.resume(with: result) }
}

extension StoreWaiter: SaveReceiver where Answer == StateSaveOutcome {
    func saved(_ result: Result<StateSaveOutcome, any Error>) { waiter.resume(with: result) }
}
