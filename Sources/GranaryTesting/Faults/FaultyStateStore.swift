public import GranaryCore

/// A state store in which things go wrong by plan.
public struct FaultyStateStore: StateStore {
    private let store: any StateStore
    private let faults: StorageFaults

    /// Wraps a store.
    ///
    /// - Parameters:
    ///   - store: The store that does the work.
    ///   - faults: What goes wrong.
    public init(_ store: any StateStore, faults: StorageFaults) {
        self.store = store
        self.faults = faults
    }

    /// Loads, unless the plan wants it otherwise.
    ///
    /// - Parameter request: Which grain and which states.
    /// - Returns: What the wrapped store answers.
    /// - Throws: What the plan or the wrapped store throws.
    public func load(_ request: StateLoad) async throws -> [StateRecord] {
        try await faults.run(.load, of: request.grain) { try await store.load(request) }
    }

    /// Saves, unless the plan wants it otherwise.
    ///
    /// - Parameter request: What to save.
    /// - Returns: What the plan or the wrapped store answers.
    /// - Throws: What the plan or the wrapped store throws.
    public func save(_ request: StateSave) async throws -> StateSaveOutcome {
        let save: () async throws -> StateSaveOutcome = { try await store.save(request) }
        return try await faults.run(.save, of: request.grain, answer: { $0 }, save)
    }
}
