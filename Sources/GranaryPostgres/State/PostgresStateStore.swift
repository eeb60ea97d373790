import GranaryCore

/// States in the table `granary.state`, written in the name of one member.
struct PostgresStateStore: DirectStateStore {
    /// The longest text that PostgreSQL takes for a `jsonb`, in bytes.
    private static let longestState = 268_435_455
    private let engine: PostgresEngine
    private let silo: Int32

    /// Makes a store.
    ///
    /// - Parameters:
    ///   - engine: The connections.
    ///   - silo: The member that writes.
    init(engine: PostgresEngine, silo: Int32) {
        self.engine = engine
        self.silo = silo
    }

    /// Loads states, together with what other grains load at the same time.
    func load(_ request: StateLoad, for receiver: any LoadReceiver) {
        do {
            try validate(request.grain, names: request.names)
        } catch {
            return receiver.loaded(.failure(error))
        }
        if request.names.isEmpty { return receiver.loaded(.success(LoadedStates([]))) }
        engine.load(request, for: receiver)
    }

    /// Saves states, together with what other grains save at the same time.
    ///
    /// The caller's cancellation does not end it: once a save was handed over, its outcome counts.
    func save(_ request: StateSave, for receiver: any SaveReceiver) {
        do {
            try validate(request.grain, names: request.writes.lazy.map(\.name))
            var bytes = 0
            for write in request.writes { bytes += write.data?.count ?? 0 }
            guard bytes <= Self.longestState else {
                throw StorageError(
                    .rejected,
                    "The states of \(request.grain) have \(bytes) bytes; PostgreSQL takes \(Self.longestState).")
            }
        } catch {
            return receiver.saved(.failure(error))
        }
        if request.writes.isEmpty { return receiver.saved(.success(.saved)) }
        engine.save(request, silo: silo, for: receiver)
    }

    /// Refuses what PostgreSQL cannot hold, before any I/O.
    private func validate(_ grain: GrainID, names: some Collection<String>) throws(StorageError) {
        do {
            try grain.validate()
        } catch {
            throw StorageError(.rejected, error.message, cause: error)
        }
        var areValid = isValid(grain.type)
        for name in names where areValid { areValid = isValid(name) }
        guard areValid else {
            throw StorageError(
                .rejected,
                "A type name or state name of \(grain) is empty, longer than \(GrainID.longestText) bytes "
                    + "or holds a NUL.")
        }
        guard names.count < 2 || Set(names).count == names.count else {
            throw StorageError(.rejected, "A state of \(grain) is named twice.")
        }
    }

    private func isValid(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= GrainID.longestText && !text.utf8.contains(0)
    }
}
