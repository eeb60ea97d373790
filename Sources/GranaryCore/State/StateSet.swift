/// All states of one activation: what is loaded at once, saved together, and put back when a turn throws.
@usableFromInline
package final class StateSet {
    /// Whether the turn that runs left something to settle.
    ///
    /// Isolated to the grain, and read or set in one step: no two accesses can overlap.
    @exclusivity(unchecked) @usableFromInline var isTouched = false
    private var marks: Marks = []
    /// How many read-only turns run: they save nothing.
    var readers: UInt32 = 0
    private let context: AnyGrainContext
    /// The only state, or what holds it beside what few sets have; see ``Surplus``.
    private var content: AnyObject?

    private struct Marks: OptionSet {
        var rawValue: UInt8

        static let fenced = Marks(rawValue: 1)
        static let sealed = Marks(rawValue: 2)
        static let saving = Marks(rawValue: 4)
        /// What is in ``content`` is a ``Surplus``.
        static let surplus = Marks(rawValue: 8)
    }

    /// What a set has only if its grain has several states, or for a while: an idle activation pays for the words of its
    /// set.
    private final class Surplus {
        var handles: StateList
        var unresolved: UnresolvedSave?
        var savers: [Rendezvous<Void>] = []

        init(_ handles: StateList) { self.handles = handles }
    }

    /// Makes the set of a grain whose binder adds the states.
    init(context: AnyGrainContext) { self.context = context }

    deinit {
        for handle in handles { handle.set = nil }
    }

    /// Whether a save was refused because the silo was declared dead.
    var isKnownFenced: Bool {
        get { marks.contains(.fenced) }
        set { set(.fenced, newValue) }
    }

    /// Whether no further save leaves the activation.
    var isSealed: Bool {
        get { marks.contains(.sealed) }
        set { set(.sealed, newValue) }
    }

    private var isSaving: Bool {
        get { marks.contains(.saving) }
        set { set(.saving, newValue) }
    }

    private func set(_ mark: Marks, _ isSet: Bool) {
        if isSet { marks.insert(mark) } else { marks.remove(mark) }
    }

    private var existingSurplus: Surplus? {
        guard marks.contains(.surplus), let content else { return nil }
        // Set together with the object, and never taken back.
        return unsafeDowncast(content, to: Surplus.self)
    }

    private var surplus: Surplus {
        if let existingSurplus { return existingSurplus }
        let made = Surplus(handles)
        content = made
        marks.insert(.surplus)
        return made
    }

    /// The states, in the order of the type's names.
    var handles: StateList {
        if let existingSurplus { return existingSurplus.handles }
        // What is no surplus is the only state.
        return content.map { StateList(unsafeDowncast($0, to: AnyStateHandle.self)) } ?? StateList()
    }

    /// A save whose outcome is not known yet; no turn begins until it is.
    var unresolved: UnresolvedSave? {
        get { existingSurplus?.unresolved }
        set { if newValue != nil || marks.contains(.surplus) { surplus.unresolved = newValue } }
    }

    /// Adds the state that has the next one of the type's names.
    func add(_ handle: AnyStateHandle) {
        handle.set = self
        if content == nil { content = handle } else { surplus.handles.append(handle) }
    }

    var services: StateServices { context.services }

    private func name(of handle: AnyStateHandle) -> String {
        context.stateNames[handles.firstIndex { $0 === handle } ?? 0]
    }

    /// The request that loads every state.
    package var request: StateLoad { StateLoad(grain: context.id, names: context.stateNames) }

    /// Takes the answer to ``request`` over.
    package func take(_ result: Result<LoadedStates, any Error>) throws {
        try apply(result, to: handles)
        isTouched = false
    }

    nonisolated(nonsending) func reload(_ chosen: StateList) async throws {
        let result: Result<LoadedStates, any Error>
        do {
            let request = StateLoad(grain: context.id, names: chosen.map(name(of:)))
            result = .success(try await services.load(request))
        } catch {
            result = .failure(error)
        }
        try apply(result, to: chosen)
    }

    private func apply(_ result: Result<LoadedStates, any Error>, to chosen: StateList) throws {
        let records: LoadedStates
        do {
            records = try result.get()
        } catch let error as StorageError {
            throw GrainError(storage: error, grain: context.id)
        }
        guard records.count == chosen.count else {
            throw GrainError(
                .storageUnavailable,
                "The store answered \(records.count) records for \(chosen.count) states of \(context.id).",
                grain: context.id)
        }
        let runtime = services.runtime
        for (handle, record) in zip(chosen, records) {
            try handle.apply(record, of: context.id, name: name(of: handle), runtime: runtime)
        }
    }

    /// Saves states for the turn that runs.
    nonisolated(nonsending) func saveInTurn(_ chosen: StateList, clearing: Bool) async throws {
        guard readers == 0 else {
            throw GrainError(
                .readOnlyViolation,
                "A @ReadOnly method of \(context.id) saves a state; nothing was saved. Remove @ReadOnly.",
                grain: context.id)
        }
        try await save(chosen, clearing: clearing)
    }

    /// Saves states together: all of them or none.
    nonisolated(nonsending) func save(
        _ chosen: StateList, clearing: Bool, isFlush: Bool = false
    ) async throws {
        while isSaving {
            let turn = Rendezvous<Void>()
            surplus.savers.append(turn)
            await turn.value()
        }
        isSaving = true
        defer {
            isSaving = false
            if let existingSurplus, !existingSurplus.savers.isEmpty { existingSurplus.savers.removeFirst().finish(()) }
        }
        if isSealed {
            throw GrainError(
                .siloUnavailable, "This activation of \(context.id) is over; nothing can be saved from it.",
                grain: context.id)
        }
        if isKnownFenced { throw GrainError.fenced(context.id) }
        if unresolved != nil {
            throw GrainError(
                .outcomeUnknown,
                "An earlier save of \(context.id) is not resolved yet; nothing can be saved before it is.",
                grain: context.id)
        }
        var writes: [StateWrite] = []
        writes.reserveCapacity(chosen.count)
        let services = services
        for handle in chosen {
            handle.savedChanges = handle.changes
            writes.append(
                StateWrite(
                    name: name(of: handle), expected: handle.etag, next: services.random.nextETag(),
                    version: handle.version, data: clearing ? nil : try encode(handle)))
        }
        let request = StateSave(grain: context.id, writes: writes)
        let operation = try services.save(request)
        func isUnknown() {
            unresolved = UnresolvedSave(
                operation: operation, request: request, states: chosen, isFlush: isFlush)
            isTouched = true
        }
        switch await operation.answer() {
        case .outcome(.saved):
            for (index, handle) in chosen.enumerated() {
                saved(handle, request.writes[index], unchanged: handle.changes == handle.savedChanges)
            }
        case .outcome(.conflict(let conflicts)):
            throw conflicted(chosen, conflicts)
        case .outcome(.fenced):
            isKnownFenced = true
            isTouched = true
            throw GrainError.fenced(context.id)
        case .failed(let error as StorageError) where error.code == .outcomeUnknown:
            isUnknown()
            throw GrainError(storage: error, grain: context.id)
        case .failed(let error as StorageError):
            throw GrainError(storage: error, grain: context.id)
        case .failed(let error):
            throw GrainError(
                .storageUnavailable, "The store failed to save \(context.id).", grain: context.id, cause: error)
        case .expired:
            isUnknown()
            throw GrainError(
                .outcomeUnknown,
                "The database did not answer a save of \(context.id) in time. The save goes on; the grain serves again, "
                    + "with what is stored then, as soon as its outcome is known.",
                grain: context.id)
        }
    }

    /// The states as they are stored, by name; `nil` where one of them is not, or is not known to be.
    package func storedRecords() -> [String: StateRecord]? {
        guard unresolved == nil, !isKnownFenced else { return nil }
        var records: [String: StateRecord] = [:]
        for handle in handles {
            guard !handle.isDirty, !handle.isConflicted, !handle.needsReload else { return nil }
            guard let data = handle.exists ? try? handle.encode() : [] else { return nil }
            records[name(of: handle)] = StateRecord(
                etag: handle.etag, version: handle.version, data: handle.exists ? data : nil)
        }
        return records
    }

    private func encode(_ handle: AnyStateHandle) throws -> [UInt8] {
        do {
            return try handle.encode()
        } catch {
            throw GrainError(
                .stateUnreadable, "State '\(name(of: handle))' of \(context.id) cannot be encoded as JSON.",
                grain: context.id, cause: error)
        }
    }

    func saved(_ handle: AnyStateHandle, _ write: StateWrite, unchanged: Bool) {
        handle.etag = write.next
        handle.exists = write.data != nil
        if write.data == nil { handle.reset() }
        handle.isConflicted = false
        if unchanged {
            handle.isDirty = false
            handle.keep()
        }
    }

    private func conflicted(_ chosen: StateList, _ conflicts: [StateConflict]) -> GrainError {
        for conflict in conflicts {
            chosen.first { name(of: $0) == conflict.name }?.isConflicted = true
        }
        isTouched = true
        let details = conflicts.map { conflict in
            let expected = conflict.expected.map(\.description) ?? "no row"
            let stored = conflict.stored.map(\.description) ?? "no row"
            return "state '\(conflict.name)': expected etag \(expected), stored etag \(stored)"
        }
        return GrainError(
            .stateConflict,
            "\(context.id) was changed by someone else (\(details.joined(separator: "; "))). Nothing was saved; the "
                + "activation is dropped after this turn and the next call reads what is stored.",
            grain: context.id)
    }
}

extension GrainError {
    static func fenced(_ grain: GrainID) -> GrainError {
        GrainError(
            .fenced, "This silo was declared dead, so \(grain) can no longer be saved here. The silo ends.",
            grain: grain)
    }

    /// Says what a store threw.
    package init(storage error: StorageError, grain: GrainID) {
        let code: Code
        switch error.code {
        case .rejected: code = .stateRejected
        case .outcomeUnknown: code = .outcomeUnknown
        case .configuration, .schema, .cluster: code = .configuration
        default: code = .storageUnavailable
        }
        self.init(code, "\(grain): \(error.message)", grain: grain, cause: error)
    }
}

@available(*, unavailable)
extension StateSet: Sendable {}
