extension Grain {
    /// Whether a turn that runs here belongs to the chain of calls that asks.
    func _holdsTurn(_ waits: WaitRegistry) -> Bool {
        let chain = waits.root(of: .current)
        if _turns.running.task != .none, waits.root(of: _turns.running.task) == chain { return true }
        guard let queue = _turns.queue else { return false }
        return queue.overlapping.contains { waits.root(of: $0.task) == chain }
    }

    /// The tasks whose turns hold the gate.
    package func _holders() -> [TaskIdentity] {
        var holders = _turns.queue?.overlapping.map(\.task) ?? []
        if _turns.running.task != .none { holders.append(_turns.running.task) }
        return holders
    }

    func _expired(_ waiter: TurnWaiter) -> GrainError {
        let waited = Double(Int64(waiter.deadline &- waiter.began) * Duration.tickMilliseconds) / 1_000
        var message = "The call waited \(waited) s for its turn on \(context.id) and did not start."
        if _turns.status == .loading {
            message += " The grain is still being activated."
        } else if _turns.running.task != .none {
            message += " The turn '\(_turns.running.methodName)' holds it."
        }
        return GrainError(.timeout, message, grain: context.id)
    }

    /// A call of a chain that already holds this gate: names the grains from here to the caller and back.
    ///
    /// Walks the callers upwards while their turns belong to this chain; a caller that is no grain, or that called from
    /// outside of its turn, ends the walk. Of other silos it knows what the call brought along.
    func _deadlock(_ caller: TurnCaller, _ waits: WaitRegistry) async -> any Error {
        let chain = waits.root(of: .current)
        let own = UInt(bitPattern: ObjectIdentifier(self))
        var path: [GrainID] = []
        var address = caller.actor
        var task = TaskIdentity.current
        while path.count < 64 {
            while address != own, path.count < 64, let pointer = UnsafeRawPointer(bitPattern: address) {
                // Alive: each of these actors waits, in its running turn, for the call that brought us here.
                let object = Unmanaged<AnyObject>.fromOpaque(pointer).takeUnretainedValue()
                guard let grain = object as? any Grain else { break }
                path.append(grain._id)
                address = await grain._caller(in: chain, waits)
            }
            guard address == 0, let arrived = waits.arrival(of: task) else { break }
            path += arrived.path.reversed()
            guard let anchor = arrived.anchor, anchor.isAwaited else { break }
            task = anchor.task
            address = UInt(bitPattern: ObjectIdentifier(anchor.caller))
        }
        return GrainError.deadlock([context.id] + path.reversed() + [context.id], at: context.id)
    }

    /// Who called the turn of a chain that runs here; zero when none does.
    func _caller(in chain: TaskIdentity, _ waits: WaitRegistry) -> UInt {
        if _turns.running.task != .none, waits.root(of: _turns.running.task) == chain { return _turns.running.caller }
        return _turns.queue?.overlapping.last { waits.root(of: $0.task) == chain }?.caller ?? 0
    }

    /// The grain's identity, also where only `any Grain` is known.
    nonisolated package var _id: GrainID { context.id }
}

extension GrainError {
    package static func deadlock(_ chain: [GrainID], at grain: GrainID) -> GrainError {
        let path = chain.map(\.description).joined(separator: " → ")
        return GrainError(
            .deadlock,
            "The call would wait for ever, because the turn it waits for waits for it: \(path). "
                + "Break the circle: pass what the callee needs as an argument, or call after the turn.",
            grain: grain, chain: chain)
    }
}
