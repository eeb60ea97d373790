internal import GranaryCluster
internal import GranaryCore
internal import NIOCore

// Calls from and to other silos.
extension SiloRuntime {
    /// Sends a call to wherever the grain is, as often as it provably did not start; `here` runs it in this silo.
    func routed<R>(
        _ call: GrainCall, over cluster: some CallRouting, deadline: UInt32, isNested: Bool, options: CallOptions,
        isAnywhere: Bool = false, arguments: () throws -> ArgumentEncoder, returning type: R.Type,
        here: nonisolated(nonsending) () async throws -> R
    ) async throws -> R {
        let lanes = cluster.lanes
        let ticket = lanes.ticket(for: place(of: call.grain, in: cluster, isAnywhere: isAnywhere))
        var isInLane = false
        defer { if isInLane { lanes.giveUp(ticket) } }
        var encoded: ArgumentEncoder?
        var attempts = 0
        while true {
            try Task.checkCancellation()
            guard clock.now < deadline else {
                throw late(call, wasSent: attempts > 0 && options.contains(.idempotent), cluster)
            }
            if !_lease.isOpen { try await serves(by: deadline) }
            let isHeld = hosts.host(named: call.grain.type)?.holds(key: call.grain.key) ?? false
            switch isHeld ? .local : try cluster.route(ticket.grain) {
            case .local where isHeld && !isInLane && !lanes.isBusy(ticket.grain):
                do {
                    let result = try await here()
                    // L3: in the strict mode nothing that a turn found out counts when the lease ran out meanwhile.
                    if cluster.mode == .strict, !_lease.isOpen { throw unproven(call) }
                    return result
                } catch let moved as GrainMoved {
                    // This silo's own view may be the older one, or the newer.
                    await cluster.installs(max(moved.view, 1), deadline: deadline, runtime: self)
                    await Task.yield()
                }
            case .local:
                // Calls that wait for the activation are as many tasks, which would come to its gate in any order.
                if encoded == nil { encoded = try arguments() }
                guard let message = encoded else { continue }
                guard case .wait(let turn) = lanes.enter(ticket, at: cluster.silo) else {
                    isInLane = true
                    do {
                        let result = try await byName(call, message, deadline: deadline, isNested: isNested, type) {
                            lanes.started(ticket)
                        }
                        lanes.finished(ticket)
                        return result
                    } catch let moved as GrainMoved {
                        lanes.turnedAway(ticket)
                        await cluster.installs(max(moved.view, 1), deadline: deadline, runtime: self)
                        await Task.yield()
                    } catch {
                        lanes.finished(ticket)
                        throw error
                    }
                    continue
                }
                isInLane = true
                await cluster.wait(for: turn, deadline: deadline, runtime: self)
            case .nobody(let view):
                if currentPhase != .starting, !cluster.knowsHost(of: call.grain.type) {
                    throw GrainError(
                        .unknownGrainType, "No silo of the cluster hosts grain type '\(call.grain.type)'.",
                        grain: call.grain)
                }
                await cluster.installs(view + 1, deadline: deadline, runtime: self)
            case .remote(let link, let view):
                if encoded == nil { encoded = try arguments() }
                guard let message = encoded else { continue }
                let departure = depart(call, message, ticket, on: link, view: view, options, deadline, cluster)
                if case .waits(let turn) = departure {
                    isInLane = true
                    await cluster.wait(for: turn, deadline: deadline, runtime: self)
                    continue
                }
                attempts += 1
                let end = await arrival(of: departure, order: ticket.grain.hash | 1, deadline, cluster)
                switch end {
                case .answered(.result(let buffer)):
                    return try decode(Reply(buffer: buffer), as: type)
                case .answered(.error(let failure)):
                    throw error(failure, of: call)
                case .answered(.notStarted(.expired, _)):
                    throw late(call, wasSent: attempts > 1 && options.contains(.idempotent), cluster)
                case .answered(.notStarted(.cancelled, _)): throw CancellationError()
                case .answered(.notStarted(.overloaded, _)):
                    throw GrainError(
                        .overloaded,
                        "Too many calls are unanswered at the silo of \(call.grain), or on their way to it; the call did "
                            + "not start. Try again later.", grain: call.grain)
                case .answered(.notStarted(_, let newer)):
                    isInLane = true
                    if newer > cluster.installed { cluster.learn(newer, from: link.peer.silo) }
                    // The first time it may have met the very end of an activation.
                    if attempts == 1, newer <= view { continue }
                    await cluster.changes(since: view, newer, deadline: deadline, runtime: self)
                case .neverStarted:
                    isInLane = true
                    await cluster.changes(since: view, 0, deadline: deadline, runtime: self)
                case .lost where options.contains(.idempotent):
                    await cluster.changes(since: view, 0, deadline: deadline, runtime: self)
                case .lost(let reason):
                    throw GrainError(
                        .outcomeUnknown,
                        "The silo that ran '\(call.method)' is gone (\(reason)); whether it took effect is not known.",
                        grain: call.grain)
                case .expired:
                    isInLane = true
                    throw late(call, wasSent: true, cluster)
                case .cancelled:
                    isInLane = true
                    throw CancellationError()
                }
            }
        }
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

    private func unproven(_ call: GrainCall) -> GrainError {
        GrainError(
            .outcomeUnknown,
            "The lease of the silo '\(configuration.name)' ran out while '\(call.method)' ran; whether it took effect is not "
                + "known.", grain: call.grain)
    }

    /// Waits until the silo may serve (rule L3).
    ///
    /// - Throws: `GrainError` when it was declared dead or stops, or when the time is over.
    func serves(by deadline: UInt32) async throws {
        while !_lease.isOpen {
            guard clock.now < deadline else {
                throw GrainError(
                    .timeout,
                    "\(title) cannot renew its lease, so it may not serve; the call did not start."
                )
            }
            try Task.checkCancellation()
            try await admit(isNested: true, deadline: deadline)
            await cluster?.serves(by: deadline, runtime: self)
        }
    }

    /// A call that was to be sent.
    private enum Departure {
        /// It waits for its turn.
        case waits(Rendezvous<Void>)
        /// It is on its way.
        case sent(UInt64, any TransportLink, Rendezvous<RemoteEnd>)
        /// It ended at once.
        case ended(RemoteEnd)
    }

    /// Sends a call, if its turn has come.
    private func depart(
        _ call: GrainCall, _ arguments: ArgumentEncoder, _ ticket: LaneTicket, on link: any TransportLink, view: Int64,
        _ options: CallOptions, _ deadline: UInt32, _ cluster: some CallRouting
    ) -> Departure {
        let id = cluster.calls.nextID()
        let left = Duration.milliseconds(Int64(deadline &- clock.now) * Duration.tickMilliseconds)
        let end = time.now + left
        let isAnswered = !options.contains(.oneWay)
        let rendezvous = Rendezvous<RemoteEnd>()
        let passage = cluster.lanes.send(ticket, to: link.peer.silo, isAnswered: isAnswered) { route in
            if isAnswered { cluster.calls.add(id, on: link, ticket, rendezvous) }
            let head = CallHead(
                id: id, grain: call.grain, method: call.method, argumentCount: arguments.count, deadline: end,
                view: view, route: route, options: options)
            let outcome = link.send(head, arguments: arguments.buffer, order: ticket.grain.hash | 1)
            if outcome != .accepted { cluster.calls.forget(id) }
            return outcome
        }
        switch passage {
        case .wait(let turn): return .waits(turn)
        // A one-way call is on its way; what becomes of it nobody learns.
        case .sent(.accepted):
            return isAnswered ? .sent(id, link, rendezvous) : .ended(.answered(.result(ByteBuffer())))
        case .sent(.overloaded): return .ended(.answered(.notStarted(.overloaded, view: view)))
        case .sent(.closed), .here: return .ended(.neverStarted)
        case .sent(.tooLarge(let limit)):
            let failure = CallFailure(
                code: GrainError.Code.encoding.name,
                message: "The arguments of '\(call.method)' are larger than the \(limit) bytes that a message may have."
            )
            return .ended(.answered(.error(failure)))
        }
    }

    /// Waits for the end of a call.
    private func arrival(
        of departure: Departure, order: UInt64, _ deadline: UInt32, _ cluster: some CallRouting
    ) async -> RemoteEnd {
        guard case .sent(let id, let link, let rendezvous) = departure else {
            if case .ended(let end) = departure { return end }
            return .neverStarted
        }
        _states.deadlines.add(deadline, rendezvous, .expired)
        let end = await withTaskCancellationHandler {
            await rendezvous.value()
        } onCancel: {
            rendezvous.finish(.cancelled)
        }
        switch end {
        case .expired, .cancelled:
            if cluster.calls.giveUp(id) { _ = link.cancel(id, order: order) }
        default: break
        }
        return end
    }

    /// Runs a call that arrived from another process.
    func answer(_ call: ReceivedCall, in host: any GrainHosting, _ cluster: ClusterDriver) async -> CallReply.Outcome {
        let head = call.head
        guard cluster.isServing else { return .notStarted(.closing, view: cluster.installed) }
        var ticks = configuration.callTimeout.ticks
        if let deadline = head.deadline {
            let left = deadline - time.now
            if left <= .zero { return .notStarted(.expired, view: cluster.installed) }
            ticks = max(left.ticks, 1)
        }
        do {
            let reply = try await host.dispatch(
                key: head.grain.key, method: head.method, arguments: call.arguments, count: head.argumentCount,
                deadline: clock.now &+ ticks, isNested: false, isRemote: true, started: nil)
            return .result(reply.buffer)
        } catch let moved as GrainMoved {
            return .notStarted(.moved, view: max(moved.view, cluster.installed))
        } catch let error as GrainError where error.code == .siloUnavailable {
            return .notStarted(.closing, view: cluster.installed)
        } catch {
            return .error(failure(error))
        }
    }

    /// An error as it travels: itself where a grain names its type, else described.
    private func failure(_ error: any Error) -> CallFailure {
        if let error = error as? GrainError {
            return CallFailure(code: error.code.name, message: error.message)
        }
        if error is CancellationError { return CallFailure(code: "cancelled", message: "The call was cancelled.") }
        if isNamedError(error), let named = error as? any (Error & Codable & Sendable) {
            var payload = ByteBuffer()
            if (try? CBOREncoder().encode(named, into: &payload)) != nil {
                return CallFailure(
                    code: GrainError.Code.callFailed.name, message: "\(error)",
                    type: String(reflecting: Swift.type(of: error)), payload: payload)
            }
        }
        return CallFailure(code: GrainError.Code.callFailed.name, message: "\(error)")
    }

    private func error(_ failure: CallFailure, of call: GrainCall) -> any Error {
        if failure.code == "cancelled" { return CancellationError() }
        if let name = failure.type, let type = namedError(name) {
            var payload = failure.payload
            if let error = try? CBORDecoder().decode(type, from: &payload) { return error }
        }
        return GrainError(GrainError.Code(named: failure.code), failure.message, grain: call.grain)
    }
}
