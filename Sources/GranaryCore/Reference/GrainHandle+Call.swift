// The way of a local call. Generic and inlinable: with a module wall in between, the same call costs two to three times
// as much. The caller's actor is known from `#isolation`.
extension GrainHandle {
    /// Calls an asynchronous method.
    ///
    /// - Parameters:
    ///   - name: The method's name.
    ///   - encode: Writes the arguments, where the call has to travel.
    ///   - body: Calls the method on the activation.
    /// - Returns: The method's result.
    /// - Throws: The method's error, or ``GrainError``.
    @inlinable
    nonisolated(nonsending) public func turn<R: Sendable>(
        _ name: StaticString, _ encode: (inout ArgumentEncoder) throws -> Void,
        _ body: @Sendable (isolated G) async throws -> R
    ) async throws -> R {
        let caller = TurnCaller(#isolation, method: name)
        if isDirect, let grain = address.find(key, hash: hash) {
            do {
                return try await grain._turn(address, caller, body)
            } catch is GateClosed {
                // The activation ended meanwhile: look again.
            } catch {
                throw address.host.outward(error, id: grain.context.id, name)
            }
        }
        return try await indirectly(name, isReadOnly: false, encode) { grain, deadline in
            try await grain._turn(address, caller.giving(up: deadline), body)
        }
    }

    /// Calls a synchronous method.
    ///
    /// - Parameters:
    ///   - name: The method's name.
    ///   - encode: Writes the arguments, where the call has to travel.
    ///   - body: Calls the method on the activation.
    /// - Returns: The method's result.
    /// - Throws: The method's error, or ``GrainError``.
    @inlinable
    nonisolated(nonsending) public func syncTurn<R: Sendable>(
        _ name: StaticString, _ encode: (inout ArgumentEncoder) throws -> Void,
        _ body: @Sendable (isolated G) throws -> R
    ) async throws -> R {
        let caller = TurnCaller(#isolation, method: name)
        if isDirect, let grain = address.find(key, hash: hash) {
            do {
                return try await grain._syncTurn(address, caller, body)
            } catch is GateClosed {
                // The activation ended meanwhile: look again.
            } catch {
                throw address.host.outward(error, id: grain.context.id, name)
            }
        }
        return try await indirectly(name, isReadOnly: false, encode) { grain, deadline in
            try await grain._syncTurn(address, caller.giving(up: deadline), body)
        }
    }

    /// Calls an asynchronous `@ReadOnly` method.
    ///
    /// - Parameters:
    ///   - name: The method's name.
    ///   - encode: Writes the arguments, where the call has to travel.
    ///   - body: Calls the method on the activation.
    /// - Returns: The method's result.
    /// - Throws: The method's error, or ``GrainError``.
    @inlinable
    nonisolated(nonsending) public func readTurn<R: Sendable>(
        _ name: StaticString, _ encode: (inout ArgumentEncoder) throws -> Void,
        _ body: @Sendable (isolated G) async throws -> R
    ) async throws -> R {
        let caller = TurnCaller(#isolation, method: name)
        if isDirect, let grain = address.find(key, hash: hash) {
            do {
                return try await grain._readTurn(address, caller, body)
            } catch is GateClosed {
                // The activation ended meanwhile: look again.
            } catch {
                throw address.host.outward(error, id: grain.context.id, name)
            }
        }
        return try await indirectly(name, isReadOnly: true, encode) { grain, deadline in
            try await grain._readTurn(address, caller.giving(up: deadline), body)
        }
    }

    /// Calls a synchronous `@ReadOnly` method.
    ///
    /// - Parameters:
    ///   - name: The method's name.
    ///   - encode: Writes the arguments, where the call has to travel.
    ///   - body: Calls the method on the activation.
    /// - Returns: The method's result.
    /// - Throws: The method's error, or ``GrainError``.
    @inlinable
    nonisolated(nonsending) public func syncReadTurn<R: Sendable>(
        _ name: StaticString, _ encode: (inout ArgumentEncoder) throws -> Void,
        _ body: @Sendable (isolated G) throws -> R
    ) async throws -> R {
        let caller = TurnCaller(#isolation, method: name)
        if isDirect, let grain = address.find(key, hash: hash) {
            do {
                return try await grain._syncReadTurn(address, caller, body)
            } catch is GateClosed {
                // The activation ended meanwhile: look again.
            } catch {
                throw address.host.outward(error, id: grain.context.id, name)
            }
        }
        return try await indirectly(name, isReadOnly: true, encode) { grain, deadline in
            try await grain._syncReadTurn(address, caller.giving(up: deadline), body)
        }
    }

    /// Hands over a call of a `@OneWay` method; returns before the method runs, and learns nothing of how it ends.
    ///
    /// - Parameters:
    ///   - name: The method's name.
    ///   - encode: Writes the arguments, where the call has to travel.
    ///   - body: Calls the method on the activation.
    /// - Throws: `CancellationError` when the caller is cancelled already.
    nonisolated(nonsending) public func post(
        _ name: StaticString, _ encode: (inout ArgumentEncoder) throws -> Void,
        _ body: @escaping @Sendable (isolated G) async throws -> Void
    ) async throws {
        try Task.checkCancellation()
        let address = address
        let host = address.host
        let key = key
        let hash = hash
        let caller = TurnCaller(nil, method: name)
        let isNested = isGrain(#isolation)
        var arguments: ArgumentEncoder?
        // A type that keeps nothing has activations in every silo, so in this one.
        if host.isClustered, host.workers == nil {
            var encoder = ArgumentEncoder()
            try encode(&encoder)
            arguments = encoder
        }
        host.runtime._post(GrainID(type: G._descriptor.name, key: key.keyText), method: "\(name)", arguments) {
            try await host.run(key, hash: hash, deadline: 0, isNested: isNested) { grain, deadline in
                try await grain._turn(address, caller.giving(up: deadline), body)
            }
        }
    }
}
