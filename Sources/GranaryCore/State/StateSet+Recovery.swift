// What is done between two turns when the states in memory may not be the stored ones.
extension StateSet {
    /// Makes the states known again.
    ///
    /// Finds out what became of a save without an answer, then reads what is not good any more. Write-behind states of
    /// earlier turns stay as they are.
    nonisolated(nonsending) func recover() async throws {
        await resolve()
        if isSealed {
            throw GrainError(.outcomeUnknown, "The silo stopped before the outcome of a save was known.")
        }
        let lost = handles.only { $0.needsReload }
        if !lost.isEmpty { try await reload(lost) }
        isTouched = false
    }

    /// Waits until it is known what became of the save whose answer did not come.
    ///
    /// Where the store lost track, reading proves nothing, because the statement may still be running: the same save is
    /// sent again until there is an answer. Gives up only when the silo has stopped.
    nonisolated(nonsending) func resolve() async {
        var pause: UInt32 = 5
        while let pending = unresolved {
            switch await pending.operation.settled() {
            case .outcome(.saved):
                for (index, handle) in pending.states.enumerated() {
                    if pending.isFlush {
                        let isUnchanged = handle.changes == handle.savedChanges
                        saved(handle, pending.request.writes[index], unchanged: isUnchanged)
                    } else {
                        handle.needsReload = true
                    }
                }
            case .outcome(.conflict(let conflicts)):
                for (handle, write) in zip(pending.states, pending.request.writes) {
                    if !pending.isFlush {
                        handle.needsReload = true
                    } else if conflicts.contains(where: { $0.name == write.name }) {
                        handle.isConflicted = true
                    }
                }
            case .outcome(.fenced):
                isKnownFenced = true
            case .failed(let error) where pending.isRepeated || (error as? StorageError)?.code == .outcomeUnknown:
                await services.pause(pause)
                pause = min(pause * 2, 200)
                if let operation = try? services.save(pending.request) {
                    pending.operation = operation
                    pending.isRepeated = true
                    continue
                }
                isSealed = true
            case .failed, .expired:
                // Nothing was written. What a flush had to save is still to be saved.
                for handle in pending.states where handle.policy.window == nil { handle.needsReload = true }
            }
            unresolved = nil
        }
    }
}
