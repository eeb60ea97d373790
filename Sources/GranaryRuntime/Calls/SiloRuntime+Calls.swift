package import GranaryCore
internal import Logging
internal import NIOCore
internal import Tracing

extension SiloRuntime {
    package func _indirectly<G: Grain, R: Sendable>(
        _ call: IndirectCall<G>, encode: (inout ArgumentEncoder) throws -> Void,
        direct: @Sendable (UInt32) async throws -> R
    ) async throws -> R {
        let id = GrainID(type: G._descriptor.name, key: call.key.keyText)
        let info = GrainCall(grain: id, method: call.method, isReadOnly: call.isReadOnly)
        let caller = call.isNested && isClustered ? callingGrain(#isolation) : nil
        return try await observed(info) {
            // Activations of a type that keeps nothing are in every silo that hosts it.
            let isAnywhere = call.host.workers != nil
            guard self.isClustered, !isAnywhere || call.host.make == nil else {
                return try await self.here(call, info, deadline: 0, encode, direct)
            }
            let isIdempotent = G._descriptor.methods[call.method]?.isIdempotent ?? false
            return try await self.routed(
                info, timeout: call.timeout, isNested: call.isNested, isIdempotent: isIdempotent,
                isAnywhere: isAnywhere, from: caller, encode, R.self
            ) { deadline in try await self.here(call, info, deadline: deadline, encode, direct) }
        }
    }

    /// Runs a call in this silo: straight, or by name where it has a time of its own or is to be isolated.
    private func here<G: Grain, R: Sendable>(
        _ call: IndirectCall<G>, _ info: GrainCall, deadline: UInt32,
        _ encode: (inout ArgumentEncoder) throws -> Void, _ direct: @Sendable (UInt32) async throws -> R
    ) async throws -> R {
        if call.timeout == 0, !configuration.isolatesCalls { return try await direct(deadline) }
        return try await byName(info, timeout: call.timeout, isNested: call.isNested, R.self, encode)
    }

    /// Runs a call within the filters and, where there is a tracer, within a span.
    private func observed<R>(
        _ call: GrainCall, _ run: nonisolated(nonsending) () async throws -> R
    ) async throws -> R {
        var result: R?
        try await filtered(call, filters[...]) {
            result = try await self.traced(call.method, call.grain) { try await run() }
        }
        guard let result else {
            throw GrainError(
                .callFailed, "A call filter neither ran '\(call.method)' nor threw an error.", grain: call.grain)
        }
        return result
    }

    private func filtered(
        _ call: GrainCall, _ filters: ArraySlice<any GrainCallFilter>,
        _ run: nonisolated(nonsending) () async throws -> Void
    ) async throws {
        guard let first = filters.first else { return try await run() }
        try await first.intercept(call) { try await self.filtered(call, filters.dropFirst(), run) }
    }

    package func _invoke<R: Codable & Sendable>(
        _ grain: GrainID, method: String, timeout: UInt32, returning: R.Type,
        encode: (inout ArgumentEncoder) throws -> Void
    ) async throws -> R {
        let call = GrainCall(
            grain: grain, method: method, isReadOnly: hosts.host(named: grain.type)?.isReadOnly(method) ?? false)
        let caller = isClustered ? callingGrain(#isolation) : nil
        return try await observed(call) {
            // Workers are in every silo that hosts their type.
            guard self.isClustered, self.hosts.host(named: grain.type)?.hasWorkers != true else {
                return try await self.byName(call, timeout: timeout, isNested: false, R.self, encode)
            }
            return try await self.routed(
                call, timeout: timeout, isNested: false, isIdempotent: call.isReadOnly, from: caller, encode, R.self
            ) { _ in
                try await self.byName(call, timeout: timeout, isNested: false, R.self, encode)
            }
        }
    }

    /// Routes a call once the silo has joined.
    private func routed<R>(
        _ call: GrainCall, timeout: UInt32, isNested: Bool, isIdempotent: Bool, isAnywhere: Bool = false,
        from caller: (any Grain)?,
        _ encode: (inout ArgumentEncoder) throws -> Void, _ type: R.Type,
        here: nonisolated(nonsending) (UInt32) async throws -> R
    ) async throws -> R {
        let ticks = timeout == 0 ? configuration.callTimeout.ticks : (timeout + 9) / 10
        let deadline = clock.now &+ max(ticks, 1)
        try await admit(isNested: isNested, deadline: deadline)
        var options: CallOptions = []
        if call.isReadOnly { options.insert(.readOnly) }
        if isIdempotent { options.insert(.idempotent) }
        func arguments() throws -> ArgumentEncoder {
            var encoder = ArgumentEncoder()
            try encode(&encoder)
            return encoder
        }
        if let client {
            return try await routed(
                call, over: client, deadline: deadline, isNested: isNested, options: options, isAnywhere: isAnywhere,
                from: nil, arguments: arguments, returning: type
            ) { try await here(deadline) }
        }
        guard let cluster else { throw GrainError(.siloUnavailable, "The silo has not started.") }
        return try await routed(
            call, over: cluster, deadline: deadline, isNested: isNested, options: options, isAnywhere: isAnywhere,
            from: caller, arguments: arguments, returning: type
        ) { try await here(deadline) }
    }

    /// Hands a one-way call to the silo of its grain.
    private func post(
        _ call: GrainCall, _ arguments: ArgumentEncoder, here: nonisolated(nonsending) () async throws -> Void
    ) async throws {
        let deadline = clock.now &+ configuration.callTimeout.ticks
        try await admit(isNested: false, deadline: deadline)
        if let client {
            return try await routed(
                call, over: client, deadline: deadline, isNested: false, options: .oneWay, from: nil,
                arguments: { arguments }, returning: Void.self, here: here)
        }
        guard let cluster else { throw GrainError(.siloUnavailable, "The silo has not started.") }
        try await routed(
            call, over: cluster, deadline: deadline, isNested: false, options: .oneWay, from: nil,
            arguments: { arguments }, returning: Void.self, here: here)
    }

    package func _post(
        _ grain: GrainID, method: String, _ arguments: ArgumentEncoder?,
        _ call: @escaping @Sendable () async throws -> Void
    ) {
        guard let place = posts.join(grain, limit: configuration.queueLimit) else {
            _logger.warning(
                "a one-way call was dropped: too many wait for the grain",
                metadata: ["grain": "\(grain)", "method": "\(method)"])
            return
        }
        _states.tasks.start { [self] in
            await place.before?.value()
            do {
                let info = GrainCall(grain: grain, method: method, isReadOnly: false)
                try await observed(info) {
                    guard let arguments else { return try await call() }
                    try await self.post(info, arguments) { try await call() }
                }
            } catch {
                _logger.warning(
                    "a one-way call failed",
                    metadata: ["grain": "\(grain)", "method": "\(method)", "error": "\(error)"])
            }
            posts.leave(grain, place)
        }
    }

    /// Calls the way remote calls go: arguments and result encoded, the method found by name, the turn in a task of the
    /// silo; so the caller can be let go at its deadline while the turn runs on.
    private func byName<R>(
        _ call: GrainCall, timeout: UInt32, isNested: Bool, _ type: R.Type,
        _ encode: (inout ArgumentEncoder) throws -> Void
    ) async throws -> R {
        var encoder = ArgumentEncoder()
        try encode(&encoder)
        let ticks = timeout == 0 ? configuration.callTimeout.ticks : (timeout + 9) / 10
        return try await byName(call, encoder, deadline: clock.now &+ max(ticks, 1), isNested: isNested, type)
    }

    /// Calls with encoded arguments; `started` is called when the turn begins.
    func byName<R>(
        _ call: GrainCall, _ encoder: ArgumentEncoder, deadline: UInt32, isNested: Bool, _ type: R.Type,
        started: (@Sendable () -> Void)? = nil
    ) async throws -> R {
        try Task.checkCancellation()
        guard let host = hosts.host(named: call.grain.type) else {
            throw GrainError(
                .unknownGrainType, "No silo hosts grain type '\(call.grain.type)'.", grain: call.grain)
        }
        let (arguments, count) = (encoder.buffer, encoder.count)
        let ticks = deadline &- clock.now
        let answer = Rendezvous<Result<Reply, any Error>>()
        let parent = TaskIdentity.current
        let run: @Sendable () async -> Void = { [self] in
            let result: Result<Reply, any Error>
            do {
                // The caller may have been cancelled before this task began.
                try Task.checkCancellation()
                let reply = try await _waits.runs(onBehalfOf: parent, while: answer) {
                    try await host.dispatch(
                        key: call.grain.key, method: call.method, arguments: arguments, count: count,
                        deadline: deadline, isNested: isNested, isRemote: false, started: started)
                }
                result = .success(reply)
            } catch {
                result = .failure(error)
            }
            answer.finish(result)
        }
        let turn = configuration.isolatesCalls ? startApart(run) : _states.tasks.start(run)
        let late = GrainError(
            .timeout,
            "'\(call.method)' did not end within \(Double(ticks) / 100) s. It was cancelled; whether it took effect is "
                + "not known.",
            grain: call.grain)
        _states.deadlines.add(deadline, answer, .failure(late))
        let result = await withTaskCancellationHandler {
            await answer.value()
        } onCancel: {
            turn.cancel()
        }
        if case .failure = result { turn.cancel() }
        return try result.get().value(as: type, from: _decoder)
    }
}
