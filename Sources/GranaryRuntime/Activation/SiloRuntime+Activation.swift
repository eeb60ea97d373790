package import GranaryCore
internal import Logging
internal import Synchronization

extension SiloRuntime {
    package func _activation<G: Grain>(
        in host: GrainHost<G>, key: G.Key, hash: UInt32, deadline: UInt32, isNested: Bool
    ) async throws -> G {
        if isClustered, !_lease.isOpen { try await serves(by: deadline) }
        // Where a new activation would have to wait or be refused, an old one still serves.
        if isClustered || !isActive || !capacity.hasRoom, let grain = host.find(key, hash: hash) {
            return grain
        }
        guard let make = host.make else {
            throw GrainError(
                .unknownGrainType,
                "No silo hosts grain type '\(G._descriptor.name)'; list it where the silo is made: "
                    + "Silo { \(G.self).self }.",
                grain: GrainID(type: G._descriptor.name, key: key.keyText))
        }
        making.wrappingAdd(1, ordering: .sequentiallyConsistent)
        defer { making.wrappingSubtract(1, ordering: .releasing) }
        try await admit(isNested: isNested, deadline: deadline)
        try await capacity.room(deadline: deadline, isNested: isNested)
        while true {
            var view: Int64 = 0
            if isClustered, let cluster {
                view = try await cluster.permit(
                    type: G._descriptor.name, key: key.keyText, deadline: deadline, runtime: self)
            }
            switch host.admit(key, hash: hash, view: view) {
            case .found(let grain):
                // Only grains of this type are filed in its host.
                return unsafeDowncast(grain, to: G.self)
            case .stale:
                continue
            case .wait(let rendezvous):
                // The initialiser is synchronous, so this is soon.
                if case .failed(let error, let grain) = await rendezvous.value(), grain.key == key.keyText {
                    throw error
                }
            case .make:
                let id = GrainID(type: G._descriptor.name, key: key.keyText)
                let grain: G
                do {
                    try id.validate()
                    grain = try make(GrainContext(key: key, hash: hash, host: host))
                } catch {
                    let failure = activationFailure(error, of: host, key: key)
                    host.observer.activationFailed()
                    host.fail(failure, making: id, hash: hash)
                    throw failure
                }
                host.publish(grain, for: key, hash: hash)
                host.count.wrappingAdd(1, ordering: .relaxed)
                capacity.noteActivation()
                let warm = isClustered ? cluster?.takeWarmth(of: id, in: view) : nil
                await begin(grain, in: host, warm: warm)
                return grain
            }
        }
    }

    func begin<G: Grain>(
        _ grain: G, in host: GrainHost<G>, warm: [String: StateRecord]?
    ) async {
        let began = time.now
        let hasStates = !G._descriptor.stateNames.isEmpty
        if G._descriptor.hasActivate || tracer != nil || hasStates && !_states.isDirect {
            startApart { [self] in
                await complete(grain, in: host, began) {
                    try await traced("activate", grain.context.id) { try await grain._start(host, warm: warm) }
                }
            }
        } else if hasStates, let request = await grain._bindStates(host) {
            if let records = request.records(in: warm) {
                return await open(grain, with: .success(LoadedStates(records)), began)
            }
            // No task waits for the store, and the answers that come together share one that opens the gates.
            _states.load(request) { Opening(grain, request, $0, began: began, in: self) }
        } else {
            await grain._open(host)
            host.idle.insert(grain, lastUsed: host.clock.now)
            host.observer.activated(after: time.now - began)
        }
    }

    /// Opens an activation whose states have come, or ends it.
    func open<G: Grain>(_ grain: G, with loaded: Result<LoadedStates, any Error>, _ began: Duration) async {
        let host = grain.context.host
        await complete(grain, in: host, began) { try await grain._open(host, with: loaded) }
    }

    /// Opens an activation, or ends it with the reason why it cannot be opened.
    private func complete<G: Grain>(
        _ grain: G, in host: GrainHost<G>, _ began: Duration,
        _ open: nonisolated(nonsending) () async throws -> Void
    ) async {
        do {
            try await open()
            host.idle.insert(grain, lastUsed: host.clock.now)
            host.observer.activated(after: time.now - began)
        } catch {
            host.observer.activationFailed()
            _logger.debug("activation failed", metadata: ["grain": "\(grain.context.id)", "error": "\(error)"])
            forget(grain, in: host, wasEnding: false)
            await grain._release(failure: activationFailure(error, of: host, key: grain.context.key))
        }
    }

    private func forget<G: Grain>(
        _ grain: G, in host: GrainHost<G>, wasEnding: Bool, records: [String: StateRecord]? = nil
    ) {
        _streams.end(of: grain)
        guard host.remove(grain, for: grain.context.key, hash: grain.context.hash) else { return }
        host.count.wrappingSubtract(1, ordering: .relaxed)
        host.idle.noteGone()
        cluster?.ended(type: G._descriptor.name, key: grain.context.key.keyText, records: records)
        capacity.noteEnd(wasEnding: wasEnding)
    }

    /// What callers are told: the error itself where the grain names it, else one that carries it.
    func activationFailure<G: Grain>(_ error: any Error, of host: GrainHost<G>, key: G.Key) -> any Error {
        let id = GrainID(type: G._descriptor.name, key: key.keyText)
        let outward = host.outward(error, id: id, method: "activate")
        // A cancellation here is not the caller's: nobody cancels an activation.
        guard (outward as? GrainError)?.code == .callFailed || error is CancellationError else { return outward }
        return GrainError(.activationFailed, "\(id) could not be activated: \(error)", grain: id, cause: error)
    }

    package func _finish<G: Grain>(_ grain: G, reason: DeactivationReason) {
        let host = grain.context.host
        host.workers?.noteEnding(grain)
        capacity.noteEnding()
        startApart { [self] in
            let closing = await traced("deactivate", grain.context.id) {
                await grain._close(host, reason, ticks: configuration.deactivationTimeout.ticks)
            }
            drains.note(closing)
            forget(grain, in: host, wasEnding: true, records: closing.records)
            await grain._release(failure: nil)
            host.observer.deactivated(reason, turns: closing.turns)
            if let failure = closing.failure {
                _logger.error(
                    "an activation ended without saving what it had",
                    metadata: ["grain": "\(grain.context.id)", "reason": "\(reason)", "error": "\(failure)"])
            }
            if closing.isAbandoned {
                _logger.error(
                    "deactivate() took too long; the activation ended without it",
                    metadata: ["grain": "\(grain.context.id)", "reason": "\(reason)"])
            }
            if reason == .fenced { saveRefused() }
        }
    }

    /// A save was refused because the silo was declared dead.
    ///
    /// All its activations end for that, and each comes here.
    private func saveRefused() {
        if fencing != nil { return }
        // In a cluster the membership ends with it: that closes the gates to all calls, and tells the others so.
        cluster?.saveRefused()
        fenced("a save was refused because this silo was declared dead")
    }

    package func _recover<G: Grain>(_ grain: G) {
        let host = grain.context.host
        _states.tasks.start { await grain._restore(host) }
    }
}
