// An activation's first and last steps. The silo runs them in tasks of its own; they are isolated to the grain.
extension Grain {
    /// Opens an activation that has nothing to load and nothing to run first.
    package func _open(_ host: GrainHost<Self>) {
        _turns.lastUsed = host.clock.now
        _handOverFirst(host)
    }

    /// Binds the states.
    ///
    /// - Returns: The request that loads them; `nil` where there are none.
    package func _bindStates(_ host: GrainHost<Self>) -> StateLoad? {
        guard !Self._descriptor.stateNames.isEmpty else { return nil }
        let states = StateSet(context: context)
        _bind(StateBinder(states))
        _turns.states = states
        return states.request
    }

    /// Takes the loaded states over and opens the gate of a grain without `activate()`.
    package func _open(_ host: GrainHost<Self>, with loaded: Result<LoadedStates, any Error>) throws {
        try _turns.states?.take(loaded)
        _open(host)
    }

    /// Binds and loads the states, runs `activate()`, and opens the gate.
    ///
    /// - Parameters:
    ///   - host: The type's host.
    ///   - warm: The states that came from the silo that had the grain before; they are loaded where one is missing.
    /// - Throws: What the store, a state's decoder or `activate()` throws.
    package func _start(_ host: GrainHost<Self>, warm: [String: StateRecord]?) async throws {
        let request = _bindStates(host)
        _turns.running = _ownTurn("activate", host)
        if let request {
            let loaded: Result<LoadedStates, any Error>
            if let records = request.records(in: warm) {
                loaded = .success(LoadedStates(records))
            } else {
                do { loaded = .success(try await host.runtime._states.load(request)) } catch {
                    loaded = .failure(error)
                }
            }
            try _turns.states?.take(loaded)
        }
        if Self._descriptor.hasActivate {
            try await activate()
            if let states = _turns.states, states.isTouched {
                try await states.settle()
                _scheduleFlush(states, host)
            }
        }
        _turns.running = .none
        _open(host)
    }

    /// Opens the gate; a wish to end that `activate()` had waits until one call was served, or the grain would be
    /// activated over and over.
    private func _handOverFirst(_ host: GrainHost<Self>) {
        let wish = _turns.queue?.leaving
        _turns.queue?.leaving = nil
        _handOver(host)
        if let wish {
            _queue.leaving = wish
            _turns.attention = true
        } else if _turns.queue?.isIdle == true {
            // Most activations see calls wait for them once: while they are made.
            _turns.queue = nil
        }
    }

    private func _ownTurn(_ name: StaticString, _ host: GrainHost<Self>) -> RunningTurn {
        RunningTurn(
            task: .current, caller: 0, method: UInt(bitPattern: name.utf8Start), began: host.clock.now)
    }

    /// Reads the states again after a turn that left them unknown, and opens the gate.
    package func _restore(_ host: GrainHost<Self>) async {
        guard let states = _turns.states else { return _handOver(host) }
        do {
            try await states.recover()
            _scheduleFlush(states, host)
            if let reason = states.reasonToLeave { _queue.leaving = reason }
            _handOver(host)
        } catch {
            _turns.status = .closing
            host.runtime._finish(self, reason: .stateLost)
        }
    }

    /// Runs `deactivate(_:)` and the last flush; the gate is closing and stays so.
    package func _close(_ host: GrainHost<Self>, _ reason: DeactivationReason, ticks: UInt32) async -> ActivationClosing
    {
        var closing = ActivationClosing()
        closing.turns = Int(_turns.turns)
        for timer in _turns.queue?.timers ?? [] { timer.cancel() }
        _turns.queue?.timers = []
        if Self._descriptor.hasDeactivate, reason != .fenced {
            let ended = Rendezvous<Bool>()
            let services = host.runtime._states
            services.tasks.start {
                await self._runDeactivate(host, reason)
                ended.finish(true)
            }
            services.deadlines.add(host.clock.now &+ ticks, ended, false)
            closing.isAbandoned = await !ended.value()
        }
        guard let states = _turns.states else { return closing }
        await states.resolve()
        if !closing.isAbandoned, reason != .fenced {
            await _lastFlush(states, host, until: host.clock.now &+ ticks, &closing)
        }
        await states.resolve()
        states.seal()
        if reason == .moved, closing.failure == nil, !closing.isAbandoned { closing.records = states.storedRecords() }
        return closing
    }

    /// Saves what write-behind has left, for as long as the store is away and the time is not over.
    private func _lastFlush(
        _ states: StateSet, _ host: GrainHost<Self>, until deadline: UInt32, _ closing: inout ActivationClosing
    ) async {
        while true {
            do {
                closing.saved += try await states.flush(all: true)
                closing.failure = nil
                return
            } catch let error as GrainError where error.code == .storageUnavailable {
                closing.failure = error
                guard host.clock.now < deadline else { return }
                await host.runtime._states.pause(10)
            } catch {
                closing.failure = error
                return
            }
        }
    }

    private func _runDeactivate(_ host: GrainHost<Self>, _ reason: DeactivationReason) async {
        _turns.running = _ownTurn("deactivate", host)
        await deactivate(reason)
        _turns.running = .none
    }

    /// Ends the activation if it was not used after a tick.
    package func _end(ifUnusedSince tick: UInt32, _ host: GrainHost<Self>, _ reason: DeactivationReason)
        -> ActivationEnd
    {
        switch _turns.status {
        case .gone, .closing: return .over
        case .exclusive where _turns.queue?.isTicking == true:
            // Look again soon: the tick of a timer is no use of the activation.
            return .used(max(_turns.lastUsed, tick + 1))
        case .exclusive, .shared, .loading: return .used(host.clock.now)
        case .free:
            if let kept = _turns.queue?.keptUntil, kept > host.clock.now { return .kept(kept) }
            if _turns.lastUsed > tick { return .used(_turns.lastUsed) }
            _turns.status = .closing
            host.runtime._finish(self, reason: reason)
            return .ending
        }
    }

    /// A rendezvous that is met when the activation is gone; `nil` when it already is.
    package func _whenGone() -> Rendezvous<Void>? {
        if _turns.status == .gone { return nil }
        let rendezvous = Rendezvous<Void>()
        _queue.watchers.append(rendezvous)
        return rendezvous
    }

    /// A turn that has been running for at least so many ticks: its method and its age in ticks.
    package func _stuckTurn(_ ticks: UInt32, _ host: GrainHost<Self>) -> (method: String, age: UInt32)? {
        guard _turns.running.task != .none else { return nil }
        let age = host.clock.now &- _turns.running.began
        return age >= ticks ? (_turns.running.methodName, age) : nil
    }

    /// The number of turns that began.
    package func _turnCount() -> Int { Int(_turns.turns) }

    /// A turn of a timer: counts as a use only if it shall keep the activation.
    package func _timerTurn(
        _ host: GrainHost<Self>, keepsActive: Bool, _ body: @Sendable (isolated Self) async throws -> Void
    ) async throws {
        let caller = TurnCaller(nil, method: "timer", deadline: .max)
        if !_turns.enter() { try await _enter(host, caller, isReadOnly: false) }
        let lastCall = _turns.lastUsed
        _turns.begin(RunningTurn(task: .current, caller: 0, method: caller.method, began: host.clock.now))
        if !keepsActive {
            _turns.lastUsed = lastCall
            _queue.isTicking = true
        }
        defer { _turns.queue?.isTicking = false }
        do {
            try await body(self)
        } catch {
            throw await _leave(host, failing: error)
        }
        if !_turns.leave() { try await _leave(host) }
    }
}
