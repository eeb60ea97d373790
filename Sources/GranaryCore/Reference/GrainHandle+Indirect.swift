extension GrainHandle {
    /// A call that misses the table, or that is traced, filtered, isolated or given a time.
    @usableFromInline
    nonisolated(nonsending) func indirectly<R: Sendable>(
        _ name: StaticString, isReadOnly: Bool, _ encode: (inout ArgumentEncoder) throws -> Void,
        _ run: @Sendable (G, UInt32) async throws -> R
    ) async throws -> R {
        try Task.checkCancellation()
        let host = address.host
        let key = key
        let hash = hash
        let isNested = isGrain(#isolation)
        do {
            if timeout == 0, host.hasPlainWorkers || (host.isDirect && !host.isClustered) {
                return try await host.run(key, hash: hash, deadline: 0, isNested: isNested, run)
            }
            // Straight to another silo, unless the activation may be here after all.
            if timeout == 0, address.isDirect {
                let plain = PlainCall(
                    grain: GrainID(type: G._descriptor.name, key: key.keyText), method: name.description,
                    isReadOnly: isReadOnly,
                    isIdempotent: isReadOnly || G._descriptor.isIdempotent(name.description))
                if let reply = try await host.runtime._remotely(plain, isNested: isNested, encode: encode) {
                    return try reply.value(as: R.self, from: host.runtime._decoder)
                }
            }
            let call = IndirectCall(
                host: host, key: key, hash: hash, method: name.description, isReadOnly: isReadOnly, timeout: timeout,
                isNested: isNested)
            return try await host.runtime._indirectly(call, encode: encode) { deadline in
                try await host.run(key, hash: hash, deadline: deadline, isNested: isNested, run)
            }
        } catch {
            throw host.outward(error, id: GrainID(type: G._descriptor.name, key: key.keyText), name)
        }
    }
}

extension GrainHost {
    /// Finds or makes the activation and runs a turn on it, as often as it takes to meet one that is not over.
    ///
    /// - Parameters:
    ///   - key: The grain's key.
    ///   - hash: The key's hash.
    ///   - deadline: The tick at which the call gives up; 0 for the silo's usual time from now.
    ///   - isNested: Whether another grain calls.
    ///   - isRemote: Whether the call came from another silo: then it is turned away when the activation is over.
    ///   - turn: Runs the turn on the activation.
    /// - Returns: What the turn returns.
    /// - Throws: What the turn throws, or ``GrainError`` when it cannot begin.
    package nonisolated(nonsending) func run<R: Sendable>(
        _ key: G.Key, hash: UInt32, deadline: UInt32, isNested: Bool, isRemote: Bool = false,
        _ turn: @Sendable (G, UInt32) async throws -> R
    ) async throws -> R {
        let deadline = deadline != 0 ? deadline : clock.now &+ options.callTicks
        if let workers {
            return try await run(on: workers, key, hash: hash, deadline: deadline, isNested: isNested, turn)
        }
        while true {
            let grain = try await runtime._activation(
                in: self, key: key, hash: hash, deadline: deadline, isNested: isNested)
            do {
                return try await turn(grain, deadline)
            } catch is GateClosed {
                if isRemote { throw GrainMoved(view: 0) }
                guard clock.now < deadline else {
                    throw GrainError(
                        .timeout, "The call found no activation that stayed until its turn came.",
                        grain: grain.context.id)
                }
            }
        }
    }

    /// What a caller gets for an error: itself where a grain names its type, else a description.
    @usableFromInline
    func outward(_ error: any Error, id: GrainID, _ method: StaticString) -> any Error {
        outward(error, id: id, method: "\(method)")
    }

    package func outward(_ error: any Error, id: GrainID, method: String) -> any Error {
        if error is GrainError || error is CancellationError || error is GrainMoved || isNamedError(error) {
            return error
        }
        return GrainError(.callFailed, "'\(method)' threw: \(error)", grain: id, cause: error)
    }
}

/// Whether a call comes from within a grain.
///
/// A function of its own, not inlined: the optimiser of Swift 6.3 fails an assertion on the cast of `#isolation` in place.
@inline(never)
func isGrain(_ caller: (any Actor)?) -> Bool { caller is any Grain }

/// The grain that a call comes from within; `nil` for any other caller.
///
/// A function of its own for the same reason.
@inline(never)
package func callingGrain(_ caller: (any Actor)?) -> (any Grain)? { caller as? any Grain }

extension TurnCaller {
    @usableFromInline
    func giving(up deadline: UInt32) -> TurnCaller {
        TurnCaller(actor: actor, method: method, deadline: deadline)
    }

    private init(actor: UInt, method: UInt, deadline: UInt32) {
        self.actor = actor
        self.method = method
        self.deadline = deadline
    }
}
