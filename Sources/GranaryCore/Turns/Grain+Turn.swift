// The turn itself: generic, inlined into the caller's module, run in the caller's task on the grain's actor. A second
// caller can enter these functions only while the first one is suspended, so plain fields are enough.
extension Grain {
    /// Runs an asynchronous method as a turn of its own.
    @inlinable
    package func _turn<R: Sendable>(
        _ host: HostAddress<Self>, _ caller: TurnCaller, _ body: @Sendable (isolated Self) async throws -> R
    ) async throws -> R {
        if !_turns.enter() { try await _enter(host.host, caller, isReadOnly: false) }
        _turns.begin(
            RunningTurn(task: .current, caller: caller.actor, method: caller.method, began: host.now))
        let result: R
        do {
            result = try await body(self)
        } catch {
            throw await _leave(host.host, failing: error)
        }
        if !_turns.leave() { try await _leave(host.host) }
        return result
    }

    /// Runs a synchronous method: on a free gate nobody can come between, so the gate stays as it is.
    @inlinable
    package func _syncTurn<R: Sendable>(
        _ host: HostAddress<Self>, _ caller: TurnCaller, _ body: @Sendable (isolated Self) throws -> R
    ) async throws -> R {
        if !_turns.pass(at: host.now) {
            try await _enter(host.host, caller, isReadOnly: false)
            _turns.begin(
                RunningTurn(task: .current, caller: caller.actor, method: caller.method, began: host.now))
        }
        let result: R
        do {
            result = try body(self)
        } catch {
            _turns.status = .exclusive
            throw await _leave(host.host, failing: error)
        }
        if !_turns.leave() { try await _leave(host.host) }
        return result
    }

    /// Runs an asynchronous `@ReadOnly` method, which may overlap with others of its kind.
    @inlinable
    package func _readTurn<R: Sendable>(
        _ host: HostAddress<Self>, _ caller: TurnCaller, _ body: @Sendable (isolated Self) async throws -> R
    ) async throws -> R {
        try await _enter(host.host, caller, isReadOnly: true)
        let turn = RunningTurn(
            task: .current, caller: caller.actor, method: caller.method, began: host.now)
        _beginReading(turn)
        let result: R
        do {
            result = try await body(self)
        } catch {
            throw await _leaveReading(host.host, turn, failing: error)
        }
        try await _leaveReading(host.host, turn)
        return result
    }

    /// Runs a synchronous `@ReadOnly` method.
    @inlinable
    package func _syncReadTurn<R: Sendable>(
        _ host: HostAddress<Self>, _ caller: TurnCaller, _ body: @Sendable (isolated Self) throws -> R
    ) async throws -> R {
        if _turns.passReading(at: host.now) {
            let result = Result { try body(self) }
            if _turns.isTouched, let states = _turns.states { throw _refuseWrite(states, host.host) }
            return try result.get()
        }
        return try await _readTurn(host, caller) { grain in try body(grain) }
    }
}
