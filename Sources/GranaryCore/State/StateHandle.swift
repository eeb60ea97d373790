/// What `$state` gives inside a grain: saving, reloading, clearing, and what is known of the stored row.
///
/// It belongs to its grain and never leaves it.
public struct StateHandle<Value: Codable & Sendable> {
    @usableFromInline let core: Core

    /// What few states have, apart from the value: an idle activation pays for the words of its states.
    @usableFromInline
    final class Rarity {
        /// The value before the turn's first change, for the policies that do not save at once.
        let snapshot: Value?
        /// How a value is made of an older version's.
        let migrate: ((StoredState) throws -> Value)?

        @usableFromInline
        init(snapshot: Value?, migrate: ((StoredState) throws -> Value)?) {
            self.snapshot = snapshot
            self.migrate = migrate
        }
    }

    /// The value, with what the runtime needs beside it.
    @usableFromInline
    final class Core: AnyStateHandle {
        @usableFromInline var value: Value
        @usableFromInline var rarity: Rarity?
        @usableFromInline let makeDefault: () -> Value

        // Made where the value's type is known: to look that up is what the making of a state costs else.
        @inlinable
        init(
            policy: SavePolicy, version: Int32, makeDefault: @escaping () -> Value,
            migrate: ((StoredState) throws -> Value)?
        ) {
            self.makeDefault = makeDefault
            if let migrate { rarity = Rarity(snapshot: nil, migrate: migrate) }
            value = makeDefault()
            super.init(policy: policy, version: version)
        }

        /// Takes note of a change that is about to happen.
        @inlinable
        func touch() {
            changes &+= 1
            if !isTouched { firstTouch() }
            isDirty = true
        }

        @usableFromInline
        func firstTouch() {
            isTouched = true
            wasDirty = isDirty
            if policy != .explicit { rarity = Rarity(snapshot: value, migrate: rarity?.migrate) }
            set?.isTouched = true
        }

        override func encode() throws -> [UInt8] { try StateJSON.encode(value) }

        override func apply(
            _ record: StateRecord, of grain: GrainID, name: String, runtime: (any GrainRuntime)?
        ) throws {
            if let data = record.data {
                value = try decode(data, record.version, grain, name, runtime)
            } else {
                value = makeDefault()
            }
            etag = record.etag
            exists = record.data != nil
            settled()
        }

        private func decode(
            _ data: [UInt8], _ stored: Int32, _ grain: GrainID, _ name: String, _ runtime: (any GrainRuntime)?
        ) throws -> Value {
            if stored > version {
                throw GrainError(
                    .stateTooNew,
                    "State '\(name)' of \(grain) was written with version \(stored); this program knows versions up "
                        + "to \(version). Nothing was changed. Run a version of the program that knows it.",
                    grain: grain)
            }
            do {
                if stored < version, let migrate = rarity?.migrate {
                    return try migrate(StoredState(version: stored, json: data, directory: runtime))
                }
                return try StateJSON.decode(Value.self, from: data, directory: runtime)
            } catch {
                throw GrainError(
                    .stateUnreadable,
                    "State '\(name)' of \(grain), stored with version \(stored), cannot be read as version \(version)"
                        + (stored < version && rarity?.migrate == nil ? "; give @Stored a migrate closure." : "."),
                    grain: grain, cause: error)
            }
        }

        override func reset() {
            value = makeDefault()
            changes &+= 1
        }

        override func putBack() {
            if policy == .explicit {
                if isDirty { needsReload = true }
            } else if let snapshot = rarity?.snapshot {
                value = snapshot
                isDirty = wasDirty
            }
            keep()
        }

        override func keep() {
            isTouched = false
            guard let old = rarity, old.snapshot != nil else { return }
            rarity = old.migrate.map { Rarity(snapshot: nil, migrate: $0) }
        }

        func settled() {
            isDirty = false
            isConflicted = false
            needsReload = false
            keep()
        }
    }

    @inlinable
    init(
        policy: SavePolicy, version: Int32, makeDefault: @escaping () -> Value,
        migrate: ((StoredState) throws -> Value)?
    ) {
        core = Core(policy: policy, version: version, makeDefault: makeDefault, migrate: migrate)
    }

    /// The etag of the stored row that this value stands on; `nil` while there is no row.
    public var etag: ETag? { core.etag }

    /// Whether a value is stored: not before the first save, and not after a clear.
    public var exists: Bool { core.exists }

    /// Whether the value in memory was changed since it was read or saved.
    public var isDirty: Bool { core.isDirty }

    /// Saves the value; when this returns, it is committed.
    ///
    /// - Throws: ``GrainError``: `.stateConflict` when somebody else wrote the row (both etags are in the message, and
    ///   the activation is dropped after the turn unless it reloads), `.stateRejected`, `.storageUnavailable`,
    ///   `.outcomeUnknown` when the answer did not come in time.
    nonisolated(nonsending) public func save() async throws {
        try await bound().saveInTurn(StateList(core), clearing: false)
    }

    /// Reads the stored value again, giving up what was changed since.
    ///
    /// - Throws: ``GrainError``.
    nonisolated(nonsending) public func reload() async throws {
        try await bound().reload(StateList(core))
    }

    /// Removes the stored value and goes back to the default; the row keeps an etag, so that a stale writer is found.
    ///
    /// - Throws: ``GrainError``, as ``save()`` does.
    nonisolated(nonsending) public func clear() async throws {
        try await bound().saveInTurn(StateList(core), clearing: true)
    }

    private func bound() throws -> StateSet {
        guard let set = core.set else {
            throw GrainError(
                .siloUnavailable, "A state can be saved only in a grain that a silo activated, not in its initialiser.")
        }
        return set
    }
}

extension StateHandle: SavableState {
    /// The runtime's view of the state.
    public var _core: _AnyState { _AnyState(handle: core) }
}

/// A state that ``GrainContext/save(_:)`` can save together with others of its grain.
public protocol SavableState {
    /// The runtime's view of the state.
    var _core: _AnyState { get }
}

/// The runtime's view of a state.
public struct _AnyState {
    let handle: AnyStateHandle
}

@available(*, unavailable)
extension StateHandle: Sendable {}
