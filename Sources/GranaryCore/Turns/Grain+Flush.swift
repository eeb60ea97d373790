internal import DequeModule

extension Grain {
    /// Takes the gate for a write-behind flush, ahead of all calls that wait; read-only turns may run beside it.
    ///
    /// - Returns: Whether there is something to flush.
    package func _beginFlush(_ host: GrainHost<Self>) async -> Bool {
        guard let states = _turns.states else { return false }
        states.unschedule()
        guard states.hasUnflushed else { return false }
        switch _turns.status {
        case .gone, .closing, .loading: return false
        case .free:
            _turns.status = .shared
            _queue.readers = 1
        case .shared:
            _queue.readers += 1
        case .exclusive:
            let waiter = TurnWaiter(
                grain: self, task: .current, isReadOnly: true, began: host.clock.now, deadline: .max,
                number: host.runtime._waits.nextNumber())
            _queue.waiting.prepend(waiter)
            _turns.attention = true
            guard case .admitted = await waiter.value() else { return false }
        }
        _queue.isFlushing = true
        return true
    }

    /// Saves the write-behind states once.
    package func _flush() async throws -> Int {
        try await _turns.states?.flush(all: false) ?? 0
    }

    /// Gives the gate back; after a conflict the activation ends.
    package func _endFlush(_ host: GrainHost<Self>) {
        let queue = _queue
        queue.isFlushing = false
        queue.readers -= 1
        if let reason = _turns.states?.reasonToLeave { queue.leaving = reason }
        if let states = _turns.states, states.needsRecovery { _turns.attention = true }
        if queue.readers == 0, _turns.status == .shared { _reopen(host) }
    }

    /// Opens the gate after the last of those that shared it, or has the states read again first.
    func _reopen(_ host: GrainHost<Self>) {
        if _turns.queue?.leaving == nil, let states = _turns.states, states.needsRecovery {
            // Nobody may come in meanwhile, not even to read.
            _turns.status = .exclusive
            host.runtime._recover(self)
        } else {
            _handOver(host)
        }
    }
}
