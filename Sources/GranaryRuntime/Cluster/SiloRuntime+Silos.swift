package import GranaryCore
internal import NIOCore

// What silos ask of each other in their own name: the elements of streams, and events for observers. These are calls
// whose grain type is empty; they go to a certain silo and not to the owner of a grain.
extension SiloRuntime {
    package var _silo: Int32 { cluster?.silo ?? 0 }

    package func _hasEnded(_ silo: Int32) -> Bool { cluster?.hasEnded(silo) ?? true }

    package func _ask(_ silo: Int32, _ method: String, _ arguments: ArgumentEncoder) async throws -> Reply {
        guard let cluster else { throw SiloEnded() }
        let deadline = clock.now &+ configuration.callTimeout.ticks
        while true {
            try Task.checkCancellation()
            guard clock.now < deadline else {
                throw GrainError(.timeout, "Silo \(silo) did not answer '\(method)' in time.")
            }
            if !_lease.isOpen { try await serves(by: deadline) }
            if cluster.hasEnded(silo) { throw SiloEnded() }
            let view = cluster.installed
            switch try await ask(silo, method, arguments, view: view, deadline: deadline, cluster) {
            case .answered(.result(let buffer)):
                return Reply(buffer: buffer)
            case .answered(.error(let failure)):
                throw error(failure, of: GrainCall(grain: Self.target(silo), method: method, isReadOnly: false))
            case .answered(.notStarted(.overloaded, _)):
                throw GrainError(.overloaded, "Too much is on its way to silo \(silo); '\(method)' did not start.")
            case .answered(.notStarted(.cancelled, _)), .cancelled:
                throw CancellationError()
            case .answered(.notStarted(.expired, _)), .expired:
                throw GrainError(.timeout, "Silo \(silo) did not answer '\(method)' in time.")
            case .answered(.notStarted), .neverStarted, .waits:
                await cluster.changes(since: view, 0, deadline: deadline, runtime: self)
            case .lost(let reason):
                if cluster.hasEnded(silo) { throw SiloEnded() }
                throw GrainError(.outcomeUnknown, "the answer to '\(method)' was lost (\(reason))")
            }
        }
    }

    package func _tell(_ silo: Int32, _ method: String, _ arguments: ArgumentEncoder) {
        guard let cluster, _lease.isOpen, !cluster.hasEnded(silo), let link = try? cluster.link(to: silo) else {
            return
        }
        let target = Self.target(silo)
        let ticket = cluster.calls.ticket(for: cluster.grain(target.type, target.key))
        defer { cluster.calls.giveUp(ticket) }
        _ = depart(
            target, method, arguments, ticket, on: link, view: cluster.installed, .oneWay,
            clock.now &+ configuration.callTimeout.ticks, nil, cluster)
    }

    /// The name of a silo where that of a grain stands.
    private static func target(_ silo: Int32) -> GrainID { GrainID(type: "", key: "\(silo)") }

    private func ask(
        _ silo: Int32, _ method: String, _ arguments: ArgumentEncoder, view: Int64, deadline: UInt32,
        _ cluster: ClusterDriver
    ) async throws -> RemoteEnd {
        // A silo that joined a moment ago is in the next view.
        guard let link = try cluster.link(to: silo) else { return .neverStarted }
        let target = Self.target(silo)
        let ticket = cluster.calls.ticket(for: cluster.grain(target.type, target.key))
        defer { cluster.calls.giveUp(ticket) }
        while true {
            let wait = RemoteWait()
            let passage = depart(
                target, method, arguments, ticket, on: link, view: view, [], deadline, wait, cluster)
            let end = await end(of: passage, wait, ticket, on: link, view: view, method, cluster)
            guard case .waits(let turn) = end else { return end }
            await cluster.wait(for: turn, deadline: deadline, runtime: self)
            guard clock.now < deadline else { return .expired }
        }
    }

    /// Does what another silo asks for.
    func serve(_ call: ReceivedCall, _ cluster: ClusterDriver) async -> CallReply.Outcome {
        let head = call.head
        guard cluster.isServing else { return .notStarted(.closing, view: cluster.installed) }
        var ticks = configuration.callTimeout.ticks
        if let deadline = head.deadline {
            let left = deadline - time.now
            if left <= .zero { return .notStarted(.expired, view: cluster.installed) }
            ticks = max(left.ticks, 1)
        }
        do {
            var decoder = ArgumentDecoder(call.arguments, count: head.argumentCount, runtime: self)
            switch SiloMethod(rawValue: head.method) {
            case .nextOfStream:
                let number = try decoder.decode(UInt64.self)
                let limit = try decoder.decode(Int.self)
                return .result(try await _streams.nextReply(number, limit: limit, deadline: clock.now &+ ticks).buffer)
            case .endOfStream:
                _streams.end(try decoder.decode(UInt64.self))
                return .result(try Reply().buffer)
            case .tellObserver:
                let number = try decoder.decode(UInt64.self)
                return .result(try Reply(try _observers.receive(&decoder, for: number)).buffer)
            case nil:
                throw GrainError(.unknownMethod, "A silo has no method '\(head.method)'.")
            }
        } catch {
            return .error(CallFailure(error))
        }
    }
}
