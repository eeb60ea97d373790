internal import GranaryCluster
internal import GranaryCore
internal import NIOCore

// Calls from and to other silos.
extension SiloRuntime {
    /// Sends a call to wherever the grain is, as often as it provably did not start.
    ///
    /// - Parameters:
    ///   - here: Runs the call in this silo.
    ///   - arguments: The encoded arguments.
    func routed<R>(
        _ call: GrainCall, over cluster: ClusterDriver, deadline: UInt32, isIdempotent: Bool, options: CallOptions,
        arguments: () throws -> ArgumentEncoder, returning type: R.Type,
        here: nonisolated(nonsending) () async throws -> R
    ) async throws -> R {
        var encoded: ArgumentEncoder?
        var wasSent = false
        while true {
            try Task.checkCancellation()
            guard clock.now < deadline else { throw late(call, wasSent: wasSent) }
            if !_lease.isOpen { try await serves(by: deadline) }
            let isHeld = hosts.host(named: call.grain.type)?.holds(key: call.grain.key) ?? false
            let route = isHeld ? .local : try cluster.route(type: call.grain.type, key: call.grain.key)
            switch route {
            case .local:
                do {
                    return try await here()
                } catch let moved as GrainMoved {
                    // This silo's own view may be the older one, or the newer.
                    await cluster.installs(max(moved.view, 1), deadline: deadline, runtime: self)
                    await Task.yield()
                }
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
                wasSent = isIdempotent
                let end = await send(call, message, on: link, view: view, options: options, deadline, cluster)
                switch end {
                case .answered(.result(let buffer)):
                    return try decode(Reply(buffer: buffer), as: type)
                case .answered(.error(let failure)):
                    throw error(failure, of: call)
                case .answered(.notStarted(let reason, let newer)):
                    switch reason {
                    case .expired: throw late(call, wasSent: wasSent)
                    case .cancelled: throw CancellationError()
                    case .overloaded:
                        throw GrainError(
                            .overloaded, "The silo of \(call.grain) has too much to do; the call did not start.",
                            grain: call.grain)
                    case .moved, .closing, .other:
                        if newer > cluster.installed { cluster.learn(newer, from: link.peer.silo) }
                        await cluster.changes(since: view, newer, deadline: deadline, runtime: self)
                    }
                case .neverStarted:
                    await cluster.changes(since: view, 0, deadline: deadline, runtime: self)
                case .lost where isIdempotent:
                    await cluster.changes(since: view, 0, deadline: deadline, runtime: self)
                case .lost(let reason):
                    throw GrainError(
                        .outcomeUnknown,
                        "The silo that ran '\(call.method)' is gone (\(reason)); whether it took effect is not known.",
                        grain: call.grain)
                case .expired: throw late(call, wasSent: true)
                case .cancelled: throw CancellationError()
                }
            }
        }
    }

    private func late(_ call: GrainCall, wasSent: Bool) -> GrainError {
        GrainError(
            .timeout,
            wasSent
                ? "'\(call.method)' did not end in time; whether it took effect is not known."
                : "'\(call.method)' found no silo that could run it in time; the call did not start.",
            grain: call.grain)
    }

    /// Waits until the silo may serve (rule L3).
    ///
    /// - Throws: `GrainError` when it was declared dead or stops, or when the time is over.
    func serves(by deadline: UInt32) async throws {
        while !_lease.isOpen {
            guard clock.now < deadline else {
                throw GrainError(
                    .timeout,
                    "The silo '\(configuration.name)' cannot renew its lease, so it may not serve; the call did not start.")
            }
            try Task.checkCancellation()
            try await admit(isNested: true, deadline: deadline)
            await cluster?.serves(by: deadline, runtime: self)
        }
    }

    /// Sends a call once and waits for its end.
    private func send(
        _ call: GrainCall, _ arguments: ArgumentEncoder, on link: any TransportLink, view: Int64,
        options: CallOptions, _ deadline: UInt32, _ cluster: ClusterDriver
    ) async -> RemoteEnd {
        let id = cluster.calls.nextID()
        let left = Duration.milliseconds(Int64(deadline &- clock.now) * Duration.tickMilliseconds)
        let head = CallHead(
            id: id, grain: call.grain, method: call.method, argumentCount: arguments.count, deadline: time.now + left,
            view: view, options: options)
        let order = cluster.grain(call.grain.type, call.grain.key).hash | 1
        let rendezvous = Rendezvous<RemoteEnd>()
        if !options.contains(.oneWay) { cluster.calls.add(id, on: link, rendezvous) }
        switch link.send(head, arguments: arguments.buffer, order: order) {
        case .accepted: break
        case .overloaded:
            cluster.calls.remove(id)
            return .answered(.notStarted(.overloaded, view: view))
        case .closed:
            cluster.calls.remove(id)
            return .neverStarted
        case .tooLarge(let limit):
            cluster.calls.remove(id)
            let failure = CallFailure(
                code: GrainError.Code.encoding.name,
                message: "The arguments of '\(call.method)' are larger than the \(limit) bytes that a message may have.")
            return .answered(.error(failure))
        }
        // A one-way call is on its way; what becomes of it nobody learns.
        if options.contains(.oneWay) { return .answered(.result(ByteBuffer())) }
        _states.deadlines.add(deadline, rendezvous, .expired)
        let end = await withTaskCancellationHandler {
            await rendezvous.value()
        } onCancel: {
            rendezvous.finish(.cancelled)
        }
        switch end {
        case .expired, .cancelled:
            if cluster.calls.remove(id) { _ = link.cancel(id, order: order) }
        default: break
        }
        return end
    }

    /// Runs a call that arrived from another process.
    func answer(_ call: ReceivedCall) async -> CallReply.Outcome {
        let head = call.head
        guard let cluster else { return .notStarted(.closing, view: 0) }
        guard cluster.isServing else { return .notStarted(.closing, view: cluster.installed) }
        guard let host = hosts.host(named: head.grain.type) else {
            return .notStarted(.moved, view: cluster.installed)
        }
        var ticks = configuration.callTimeout.ticks
        if let deadline = head.deadline {
            let left = deadline - time.now
            if left <= .zero { return .notStarted(.expired, view: cluster.installed) }
            ticks = max(left.ticks, 1)
        }
        // A caller that is ahead knows better who owns the grain.
        if head.view > cluster.installed, !host.holds(key: head.grain.key) {
            await cluster.installs(head.view, deadline: clock.now &+ min(ticks, 100), runtime: self)
        }
        do {
            let reply = try await host.dispatch(
                key: head.grain.key, method: head.method, arguments: call.arguments, count: head.argumentCount,
                deadline: clock.now &+ ticks, isNested: false)
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
