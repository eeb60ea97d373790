// The end of a turn that left something to settle.
extension Grain {
    /// Ends a turn that may have written: saves what its policy saves, then hands the gate over.
    @usableFromInline
    func _leave(_ host: GrainHost<Self>) async throws {
        if let states = _turns.states, states.isTouched {
            do {
                try await states.settle()
            } catch {
                throw await _leave(host, failing: error)
            }
            _scheduleFlush(states, host)
            if let reason = states.reasonToLeave { _queue.leaving = reason }
        }
        _end(host)
    }

    /// Ends a turn that threw: nothing that it half wrote stays.
    @usableFromInline
    func _leave(_ host: GrainHost<Self>, failing error: any Error) async -> any Error {
        if let states = _turns.states, states.isTouched {
            states.rollBack()
            if let reason = states.reasonToLeave { _queue.leaving = reason }
        }
        _end(host)
        return error
    }

    /// Ends a read-only turn.
    @usableFromInline
    func _leaveReading(_ host: GrainHost<Self>, _ turn: RunningTurn) async throws {
        var violation: GrainError?
        if let states = _turns.states, states.isTouched { violation = _refuseWrite(states, host) }
        _endReading(host, turn)
        if let violation { throw violation }
    }

    /// Ends a read-only turn that threw.
    @usableFromInline
    func _leaveReading(_ host: GrainHost<Self>, _ turn: RunningTurn, failing error: any Error) async -> any Error {
        if let states = _turns.states, states.isTouched { return _refuseWrite(states, host, turn) }
        _endReading(host, turn)
        return error
    }

    private func _refuseWrite(_ states: StateSet, _ host: GrainHost<Self>, _ turn: RunningTurn) -> any Error {
        let violation = _refuseWrite(states, host)
        _endReading(host, turn)
        return violation
    }

    /// Takes back what a read-only method wrote.
    @usableFromInline
    func _refuseWrite(_ states: StateSet, _ host: GrainHost<Self>) -> GrainError {
        states.rollBack()
        if let reason = states.reasonToLeave { _queue.leaving = reason }
        if states.needsRecovery {
            // The state that is in memory is not the stored one: no turn may see it.
            _queue.leaving = _queue.leaving ?? .stateLost
        }
        _turns.attention = _turns.attention || _turns.queue?.leaving != nil
        if _turns.status == .free, _turns.queue?.leaving != nil { _handOver(host) }
        return GrainError(
            .readOnlyViolation,
            "A @ReadOnly method of \(context.id) changed a state; the change was taken back. Remove @ReadOnly.",
            grain: context.id)
    }

    private func _end(_ host: GrainHost<Self>) {
        _turns.running = .none
        if let states = _turns.states, states.needsRecovery {
            // The gate stays held; the silo opens it when the states are known again.
            host.runtime._recover(self)
            return
        }
        _handOver(host)
    }

    private func _endReading(_ host: GrainHost<Self>, _ turn: RunningTurn) {
        let queue = _queue
        queue.readers -= 1
        _turns.states?.readers -= 1
        if _turns.running.task == turn.task, _turns.running.method == turn.method {
            _turns.running = queue.overlapping.popLast() ?? .none
        } else if let index = queue.overlapping.lastIndex(where: { $0.task == turn.task }) {
            queue.overlapping.remove(at: index)
        }
        if queue.readers == 0, _turns.status == .shared { _reopen(host) }
    }

    func _scheduleFlush(_ states: StateSet, _ host: GrainHost<Self>) {
        guard let window = states.flushWindow else { return }
        host.runtime._scheduleFlush(self, at: host.clock.now &+ window)
    }
}
