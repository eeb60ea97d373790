// What becomes of the states at the end of a turn.
extension StateSet {
    /// Ends a good turn: saves what is saved after each turn; what was changed stays.
    nonisolated(nonsending) func settle() async throws {
        let due = handles.only { $0.policy == .afterEachTurn && $0.isDirty }
        if !due.isEmpty { try await save(due, clearing: false) }
        for handle in handles { handle.keep() }
        isTouched = false
    }

    /// Ends a turn that threw: changed states go back, or are read again before the next turn.
    func rollBack() {
        for handle in handles where handle.isTouched || handle.needsReload { handle.putBack() }
        isTouched = false
    }

    /// Whether the states must be read again before another turn may see them.
    package var needsRecovery: Bool {
        unresolved != nil || handles.contains { $0.needsReload }
    }

    /// Why the activation has to end, if it has to.
    package var reasonToLeave: DeactivationReason? {
        if isKnownFenced { return .fenced }
        return handles.contains { $0.isConflicted } ? .stateConflict : nil
    }

    /// The shortest write-behind window of a changed state that no flush is scheduled for yet, in ticks.
    var flushWindow: UInt32? {
        var shortest: UInt32?
        for handle in handles where handle.isDirty && !handle.isScheduled {
            guard let window = handle.policy.window else { continue }
            handle.isScheduled = true
            shortest = min(shortest ?? window, window)
        }
        return shortest
    }

    /// Saves what was changed and is not saved by an explicit `save()`.
    ///
    /// - Parameter all: Whether states that are saved after each turn count too: at the end of an activation.
    /// - Returns: How many states were saved.
    /// - Throws: ``GrainError``, as ``StateHandle/save()`` does.
    package nonisolated(nonsending) func flush(all: Bool) async throws -> Int {
        let due = handles.only {
            $0.isDirty && !$0.isConflicted && !$0.needsReload
                && ($0.policy.window != nil || all && $0.policy != .explicit)
        }
        guard !due.isEmpty else { return 0 }
        try await save(due, clearing: false, isFlush: true)
        return due.count
    }

    /// The flushes that were scheduled are taken: what is changed from now on, and what they cannot save, needs new ones.
    func unschedule() {
        for handle in handles { handle.isScheduled = false }
    }

    /// Lets no further save leave the activation.
    package func seal() { isSealed = true }

    /// Whether something that a flush would save is not saved.
    package var hasUnflushed: Bool { handles.contains { $0.policy.window != nil && $0.isDirty } }
}
