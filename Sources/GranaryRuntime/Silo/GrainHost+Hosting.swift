package import GranaryCore
package import NIOCore
internal import Synchronization

extension GrainHost: GrainHosting {
    package var name: String { G._descriptor.name }

    package var hasWorkers: Bool { workers != nil }

    package var activationCount: Int { count.load(ordering: .relaxed) }

    package var idleTicks: UInt32 { options.idleTicks }

    package var oldestUse: UInt32? { idle.oldest }

    package func visitKeys(_ body: (String) -> Void) async { await visitSettledKeys(body) }

    package func holds(key: String) -> Bool { find(key) != nil }

    /// The activation of the key with a text, if there is one.
    func find(_ text: String) -> G? {
        guard let key = G.Key(keyText: text) else { return nil }
        return find(key, hash: key._tableHash)
    }

    package func endAll(_ reason: DeactivationReason, servingWaiting: Bool) async {
        for grain in activations { await grain._requestEnd(reason, servingWaiting: servingWaiting) }
    }

    package func end(key: String, _ reason: DeactivationReason) async {
        guard let key = G.Key(keyText: key) else { return }
        let grains = activations(of: key, hash: key._tableHash)
        for grain in grains { await grain._requestEnd(reason) }
        for grain in grains { await grain._whenGone()?.value() }
    }

    package func collect(now: UInt32) async {
        guard options.idleTicks < now else { return }
        let cutoff = now - options.idleTicks
        while true {
            let due = idle.take(256, usedUpTo: cutoff)
            if due.isEmpty { return }
            for entry in due {
                // Filed so that it is looked at again when the wish to stay is over, and not an age later.
                _ = await endIfUnused(entry.grain, since: cutoff, .idle) { $0 - min(options.idleTicks, $0) }
            }
        }
    }

    package func evict(_ number: Int, _ reason: DeactivationReason, upTo tick: UInt32, now: UInt32) async -> Int {
        var ended = 0
        for entry in idle.take(number, usedUpTo: tick) {
            if await endIfUnused(entry.grain, since: entry.lastUsed, reason, filing: { _ in now }) { ended += 1 }
        }
        return ended
    }

    /// Ends an activation, or files it again: one that is kept, under the tick that `filing` makes of the end of the wish.
    private func endIfUnused(
        _ grain: G, since tick: UInt32, _ reason: DeactivationReason, filing: (UInt32) -> UInt32
    ) async -> Bool {
        switch await grain._end(ifUnusedSince: tick, self, reason) {
        case .ending:
            return true
        case .over:
            return false
        case .used(let tick):
            idle.insert(grain, lastUsed: tick)
            return false
        case .kept(let tick):
            idle.insert(grain, lastUsed: filing(tick))
            return false
        }
    }

    package func stuckTurns(_ ticks: UInt32, part: Int, of parts: Int) async -> [StuckTurn] {
        var stuck: [StuckTurn] = []
        for grain in activations(part: part, of: parts) {
            guard let turn = await grain._stuckTurn(ticks, self) else { continue }
            stuck.append(StuckTurn(grain: grain.context.id, method: turn.method, age: turn.age))
        }
        return stuck
    }

    package func isReadOnly(_ method: String) -> Bool { G._descriptor.methods[method]?.isReadOnly ?? false }

    package func prepare(key text: String, deadline: UInt32) async throws {
        guard let key = G.Key(keyText: text) else { return }
        _ = try await runtime._activation(in: self, key: key, hash: key._tableHash, deadline: deadline, isNested: false)
    }

    package func dispatch(
        key text: String, method name: String, arguments: ByteBuffer, count: Int, deadline: UInt32, isNested: Bool,
        isRemote: Bool, started: (@Sendable () -> Void)?
    ) async throws -> Reply {
        let id = GrainID(type: G._descriptor.name, key: text)
        guard let method = G._descriptor.methods[name] else {
            throw GrainError(.unknownMethod, "\(G._descriptor.name) has no method '\(name)'.", grain: id)
        }
        guard count >= method.required else {
            throw GrainError(
                .unknownMethod, "'\(name)' needs \(method.required) arguments; the call brought \(count).", grain: id)
        }
        guard count <= method.accepted else {
            throw GrainError(
                .unknownMethod, "'\(name)' takes \(method.accepted) arguments; the call brought \(count).", grain: id)
        }
        guard let key = G.Key(keyText: text) else {
            throw GrainError(
                .invalidKey, "'\(text)' is no key of \(G._descriptor.name), whose keys are of type \(G.Key.self).",
                grain: id)
        }
        let runtime = runtime
        do {
            return try await run(
                key, hash: key._tableHash, deadline: deadline, isNested: isNested, isRemote: isRemote
            ) { grain, deadline in
                let caller = TurnCaller(deadline: deadline)
                let body: @Sendable (isolated G) async throws -> Reply = { grain in
                    started?()
                    var decoder = ArgumentDecoder(arguments, count: count, runtime: runtime)
                    return try await method.body(grain, &decoder)
                }
                return method.isReadOnly
                    ? try await grain._readTurn(address, caller, body) : try await grain._turn(address, caller, body)
            }
        } catch {
            throw outward(error, id: id, method: name)
        }
    }
}
