// The turn itself: generic, inlined into the caller's module, run in the caller's task on the grain's actor. A second
// caller can enter these functions only while the first one is suspended, so plain fields are enough.
extension Grain {
    /// Runs an asynchronous method as a turn of its own.
    @inlinable
    package func _turn<R: Sendable>(
        _ host: GrainHost<Self>, _ caller: TurnCaller, _ body: @Sendable (isolated Self) async throws -> R
    ) async throws -> R {
        if _turns.status == .free {
            _turns.status = .exclusive
        } else {
            try await _enter(host, caller, isReadOnly: false)
        }
        _turns.begin(
            RunningTurn(task: .current, caller: caller.actor, method: caller.method, began: host.clock.now))
        let result: R
        do {
            result = try await body(self)
        } catch {
            throw await _leave(host, failing: error)
        }
        if _turns.needsCare { try await _leave(host) } else { _turns.open() }
        return result
    }

    /// Runs a synchronous method: on a free gate nobody can come between, so the gate stays as it is.
    @inlinable
    package func _syncTurn<R: Sendable>(
        _ host: GrainHost<Self>, _ caller: TurnCaller, _ body: @Sendable (isolated Self) throws -> R
    ) async throws -> R {
        if _turns.status != .free {
            try await _enter(host, caller, isReadOnly: false)
            _turns.begin(
                RunningTurn(task: .current, caller: caller.actor, method: caller.method, began: host.clock.now))
        } else {
            _turns.lastUsed = host.clock.now
            _turns.turns &+= 1
        }
        let result: R
        do {
            result = try body(self)
        } catch {
            _turns.status = .exclusive
            throw await _leave(host, failing: error)
        }
        if _turns.needsCare {
            _turns.status = .exclusive
            try await _leave(host)
        } else {
            _turns.open()
        }
        return result
    }

    /// Runs an asynchronous `@ReadOnly` method, which may overlap with others of its kind.
    @inlinable
    package func _readTurn<R: Sendable>(
        _ host: GrainHost<Self>, _ caller: TurnCaller, _ body: @Sendable (isolated Self) async throws -> R
    ) async throws -> R {
        try await _enter(host, caller, isReadOnly: true)
        let turn = RunningTurn(
            task: .current, caller: caller.actor, method: caller.method, began: host.clock.now)
        _beginReading(turn)
        let result: R
        do {
            result = try await body(self)
        } catch {
            throw await _leaveReading(host, turn, failing: error)
        }
        try await _leaveReading(host, turn)
        return result
    }

    /// Runs a synchronous `@ReadOnly` method.
    @inlinable
    package func _syncReadTurn<R: Sendable>(
        _ host: GrainHost<Self>, _ caller: TurnCaller, _ body: @Sendable (isolated Self) throws -> R
    ) async throws -> R {
        let status = _turns.status
        if status == .free || status == .shared, !_turns.attention {
            _turns.lastUsed = host.clock.now
            _turns.turns &+= 1
            let result = try body(self)
            if let states = _turns.states, states.isTouched { throw _refuseWrite(states, host) }
            return result
        }
        return try await _readTurn(host, caller) { grain in try body(grain) }
    }
}
