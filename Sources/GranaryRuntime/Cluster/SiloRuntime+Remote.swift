internal import GranaryCluster
package import GranaryCore
internal import NIOCore

// Calls to other silos.
extension SiloRuntime {
    /// Sends a call to wherever the grain is, as often as it provably did not start; `here` runs it in this silo.
    func routed<R>(
        _ call: GrainCall, over cluster: some CallRouting, deadline: UInt32, isNested: Bool, options: CallOptions,
        isAnywhere: Bool = false, from caller: (any Grain)?, arguments: () throws -> ArgumentEncoder,
        returning type: R.Type,
        here: nonisolated(nonsending) () async throws -> R
    ) async throws -> R {
        var journey = Journey(
            call, options, deadline,
            cluster.calls.ticket(for: place(of: call.grain, in: cluster, isAnywhere: isAnywhere)))
        if let caller {
            journey.caller = caller
            journey.home = _waits.arrival(of: .current)?.links.last { $0.grain == call.grain }?.silo
        }
        defer { if journey.isInLane { cluster.calls.giveUp(journey.ticket) } }
        return try await routed(
            &journey, over: cluster, isNested: isNested, arguments: arguments, returning: type, here: here)
    }

    private func routed<R>(
        _ journey: inout Journey, over cluster: some CallRouting, isNested: Bool,
        arguments: () throws -> ArgumentEncoder, returning type: R.Type,
        here: nonisolated(nonsending) () async throws -> R
    ) async throws -> R {
        let (call, ticket, deadline) = (journey.call, journey.ticket, journey.deadline)
        let calls = cluster.calls
        while true {
            try Task.checkCancellation()
            guard clock.now < deadline else { throw late(call, wasSent: journey.wasSent, cluster) }
            if !_lease.isOpen { try await serves(by: deadline) }
            let isHeld = hosts.host(named: call.grain.type)?.holds(key: call.grain.key) ?? false
            switch isHeld ? .local : try cluster.route(ticket.grain, home: &journey.home) {
            case .local where isHeld && !journey.isInLane && !calls.isBusy(ticket.grain):
                do {
                    let result = try await here()
                    try checkProven(call, cluster)
                    return result
                } catch let moved as GrainMoved {
                    // This silo's own view may be the older one, or the newer.
                    await cluster.installs(max(moved.view, 1), deadline: deadline, runtime: self)
                    await Task.yield()
                }
            case .local:
                // Calls that wait for the activation are as many tasks, which would come to its gate in any order.
                let message = try journey.encoded(arguments)
                guard case .wait(let turn) = calls.enter(ticket, at: cluster.silo) else {
                    journey.isInLane = true
                    let result: R
                    do {
                        result = try await byName(call, message, deadline: deadline, isNested: isNested, type) {
                            calls.started(ticket)
                        }
                    } catch let moved as GrainMoved {
                        calls.turnedAway(ticket)
                        await cluster.installs(max(moved.view, 1), deadline: deadline, runtime: self)
                        await Task.yield()
                        continue
                    } catch {
                        calls.finished(ticket)
                        throw error
                    }
                    calls.finished(ticket)
                    try checkProven(call, cluster)
                    return result
                }
                journey.isInLane = true
                await cluster.wait(for: turn, deadline: deadline, runtime: self)
            case .nobody(let view):
                if currentPhase != .starting, !cluster.knowsHost(of: call.grain.type) {
                    throw GrainError(
                        .unknownGrainType, "No silo of the cluster hosts grain type '\(call.grain.type)'.",
                        grain: call.grain)
                }
                await cluster.installs(view + 1, deadline: deadline, runtime: self)
            case .remote(let link, let view):
                let message = try journey.encoded(arguments)
                let wait = journey.options.contains(.oneWay) ? nil : RemoteWait()
                let passage = depart(
                    call.grain, call.method, message, ticket, on: link, view: view, journey.options, deadline, wait,
                    from: journey.caller, isHome: journey.home != nil, cluster)
                journey.home = nil
                let end = await end(of: passage, wait, ticket, on: link, view: view, call.method, cluster)
                if let reply = try await settle(end, &journey, link.peer.silo, view: view, cluster) {
                    return try reply.value(as: type, from: _decoder)
                }
            }
        }
    }

    package func _remotely(
        _ plain: PlainCall, isNested: Bool, encode: (inout ArgumentEncoder) throws -> Void
    ) async throws -> Reply? {
        // What the long way waits for is there, and the owner is another silo.
        // A call from a grain brings its chain along, and may have to go where that chain holds the grain.
        guard !isNested, isActive, _lease.isOpen, let cluster, let routes = cluster.routes,
            let place = routes.place(of: plain.grain.type, plain.grain.key), let owner = place.owner,
            let link = routes.link(to: owner)
        else { return nil }
        var message = ArgumentEncoder()
        try encode(&message)
        let options = CallOptions(
            rawValue: (plain.isReadOnly ? CallOptions.readOnly.rawValue : 0)
                | (plain.isIdempotent ? CallOptions.idempotent.rawValue : 0))
        let ticket = cluster.calls.ticket(
            for: ClusterGrain(type: plain.grain.type, key: plain.grain.key, hash: place.hash))
        let deadline = clock.now &+ callTicks
        let wait = RemoteWait()
        let passage = depart(
            plain.grain, plain.method, message, ticket, on: link, view: routes.view, options, deadline, wait, cluster)
        let end = await end(of: passage, wait, ticket, on: link, view: routes.view, plain.method, cluster)
        if case .answered(.result(let buffer)) = end { return Reply(buffer: buffer) }
        var journey = Journey(
            GrainCall(grain: plain.grain, method: plain.method, isReadOnly: plain.isReadOnly), options, deadline, ticket
        )
        defer { if journey.isInLane { cluster.calls.giveUp(ticket) } }
        if let reply = try await settle(end, &journey, owner, view: routes.view, cluster) { return reply }
        journey.message = message
        let call = journey.call
        return try await routed(
            &journey, over: cluster, isNested: isNested, arguments: { message }, returning: Reply.self
        ) { try await byName(call, message, deadline: deadline, isNested: isNested, Reply.self) }
    }

    /// What the end of an attempt means.
    ///
    /// - Returns: The answer; `nil` when the call is to be tried again.
    /// - Throws: The method's error, or why the call is not tried again.
    private func settle(
        _ end: RemoteEnd, _ journey: inout Journey, _ silo: Int32, view: Int64, _ cluster: some CallRouting
    ) async throws -> Reply? {
        let (call, deadline) = (journey.call, journey.deadline)
        if case .waits(let turn) = end {
            journey.isInLane = true
            await cluster.wait(for: turn, deadline: deadline, runtime: self)
            return nil
        }
        journey.attempts += 1
        switch end {
        case .answered(.result(let buffer)):
            return Reply(buffer: buffer)
        case .answered(.error(let failure)):
            throw error(failure, of: call)
        case .answered(.notStarted(.expired, _)):
            throw late(call, wasSent: journey.attempts > 1 && journey.options.contains(.idempotent), cluster)
        case .answered(.notStarted(.cancelled, _)): throw CancellationError()
        case .answered(.notStarted(.overloaded, _)):
            throw GrainError(
                .overloaded,
                "Too many calls are unanswered at the silo of \(call.grain), or on their way to it; the call did "
                    + "not start. Try again later.", grain: call.grain)
        case .answered(.notStarted(_, let newer)):
            journey.isInLane = true
            if newer > cluster.installed { cluster.learn(newer, from: silo) }
            // The first time it may have met the very end of an activation.
            if journey.attempts == 1, newer <= view { return nil }
            await cluster.changes(since: view, newer, deadline: deadline, runtime: self)
        case .neverStarted:
            journey.isInLane = true
            await cluster.changes(since: view, 0, deadline: deadline, runtime: self)
        case .lost where journey.options.contains(.idempotent):
            await cluster.changes(since: view, 0, deadline: deadline, runtime: self)
        case .lost(let reason):
            throw GrainError(
                .outcomeUnknown,
                "The silo that ran '\(call.method)' is gone (\(reason)); whether it took effect is not known.",
                grain: call.grain)
        case .expired:
            journey.isInLane = true
            throw late(call, wasSent: true, cluster)
        case .waits, .cancelled:
            journey.isInLane = true
            throw CancellationError()
        }
        return nil
    }

    /// A grain's place on the ring; one at random for each call where any silo that hosts the type will do.
    private func place(of grain: GrainID, in cluster: some CallRouting, isAnywhere: Bool) -> ClusterGrain {
        // With a hash of its own the call is alone in its lane: no call waits for another one.
        isAnywhere
            ? ClusterGrain(type: grain.type, key: grain.key, hash: random.next()) : cluster.grain(grain.type, grain.key)
    }

    private func late(_ call: GrainCall, wasSent: Bool, _ cluster: some CallRouting) -> GrainError {
        if !wasSent, !cluster.isConnected {
            return GrainError(
                .siloUnavailable, "No silo of the cluster could be reached in time; '\(call.method)' did not start.",
                grain: call.grain)
        }
        return GrainError(
            .timeout,
            wasSent
                ? "'\(call.method)' did not end in time; whether it took effect is not known."
                : "'\(call.method)' found no silo that could run it in time; the call did not start.",
            grain: call.grain)
    }

    /// Throws when the result of a turn that ran here does not count (rule L3).
    ///
    /// In the strict mode nothing does that a turn found out when the silo may not serve any more: others may serve the
    /// grain.
    private func checkProven(_ call: GrainCall, _ cluster: some CallRouting) throws {
        guard cluster.mode == .strict, !_lease.isOpen else { return }
        throw GrainError(
            .outcomeUnknown,
            "The lease of the silo '\(configuration.name)' ran out, or it was declared dead, while '\(call.method)' "
                + "ran; whether it took effect is not known.", grain: call.grain)
    }

    /// Waits until the silo may serve (rule L3).
    ///
    /// - Throws: `GrainError` when it was declared dead or stops, or when the time is over.
    func serves(by deadline: UInt32) async throws {
        while !_lease.isOpen {
            guard clock.now < deadline else {
                throw GrainError(
                    .timeout,
                    "\(title) cannot renew its lease, so it may not serve; the call did not start.")
            }
            try Task.checkCancellation()
            try await admit(isNested: true, deadline: deadline)
            await cluster?.serves(by: deadline, runtime: self)
        }
    }

    /// Sends a call, if its turn has come.
    func depart(
        _ grain: GrainID, _ method: String, _ arguments: ArgumentEncoder, _ ticket: LaneTicket,
        on link: any TransportLink, view: Int64, _ options: CallOptions, _ deadline: UInt32, _ wait: RemoteWait?,
        from caller: (any Grain)? = nil, isHome: Bool = false, _ cluster: some CallRouting
    ) -> RemoteCalls.Passage {
        // Outside of the lane's lock, which those who look for circles take after that of the waits.
        let arrived = caller == nil ? nil : _waits.arrival(of: .current)
        var head = CallHead(
            id: 0, grain: grain, method: method, argumentCount: arguments.count, deadline: reading(ofTick: deadline),
            view: view, options: options)
        func awaited(_ id: UInt64) -> AwaitedCall? {
            guard let caller, let wait else { return nil }
            head.chain = chain(of: caller, calling: id, after: arrived, at: cluster.silo)
            return head.chain.last.map { AwaitedCall($0, by: .current, of: caller, on: link, until: wait) }
        }
        func send(_ id: UInt64, _ route: UInt64) -> SendOutcome {
            head.id = id
            head.route = route
            return link.send(head, arguments: arguments.buffer, order: ticket.grain.order)
        }
        return isHome
            ? cluster.calls.sendHome(ticket, on: link, deadline: deadline, for: wait, awaited: awaited, send)
            : cluster.calls.send(ticket, on: link, deadline: deadline, for: wait, awaited: awaited, send)
    }

    /// Waits for the end of a call that was to be sent.
    func end(
        of passage: RemoteCalls.Passage, _ wait: RemoteWait?, _ ticket: LaneTicket, on link: any TransportLink,
        view: Int64, _ method: String, _ cluster: some CallRouting
    ) async -> RemoteEnd {
        switch passage {
        case .sent(.accepted, let id):
            // A one-way call is on its way; what becomes of it nobody learns.
            guard let wait else { return .answered(.result(ByteBuffer())) }
            // What hears of a cancellation costs more than a short wait: it is there when the wait lasts for a tick.
            var end = await wait.shortly()
            if end == nil {
                end = await withTaskCancellationHandler {
                    await wait.end()
                } onCancel: {
                    wait.finish(.cancelled)
                }
            }
            switch end {
            case .expired, .cancelled:
                if cluster.calls.giveUp(id) { _ = link.cancel(id, order: ticket.grain.order) }
            default: break
            }
            return end ?? .neverStarted
        case .wait(let turn): return .waits(turn)
        case .sent(.overloaded, _): return .answered(.notStarted(.overloaded, view: view))
        case .sent(.closed, _):
            // Another one is to be asked for; the end of this one may not have been heard of yet.
            cluster.forget(link)
            return .neverStarted
        case .here: return .neverStarted
        case .sent(.tooLarge(let limit), _):
            let failure = CallFailure(
                code: GrainError.Code.encoding.name,
                message: "The arguments of '\(method)' are larger than the \(limit) bytes that a message may have.")
            return .answered(.error(failure))
        }
    }

    func error(_ failure: CallFailure, of call: GrainCall) -> any Error {
        if failure.code == "cancelled" { return CancellationError() }
        if let name = failure.type, let type = namedError(name) {
            var payload = failure.payload
            if let error = try? CBORDecoder().decode(type, from: &payload) { return error }
        }
        var chain = failure.payload
        let names = failure.type == nil ? try? CBORDecoder().decode([[String]].self, from: &chain) : nil
        let grains = (names ?? []).filter { $0.count == 2 }.map { GrainID(type: $0[0], key: $0[1]) }
        return GrainError(
            GrainError.Code(named: failure.code), failure.message, grain: grains.last ?? call.grain, chain: grains)
    }
}
