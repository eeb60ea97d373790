internal import GranaryCluster
internal import GranaryCore
internal import NIOCore

extension GrainHost: CallReceiving {
    func receive(_ call: ReceivedCall, on link: any TransportLink, hash: UInt64, at desk: CallDesk) {
        let method = G._descriptor.methods[call.head.method]
        let grain: G? = if let method { method.find(address, call.head.grain.key) } else { find(call.head.grain.key) }
        guard
            let (arrival, place) = desk.driver.arrivals.arrive(
                call, on: link, at: ClusterGrain(type: name, key: call.head.grain.key, hash: hash),
                isHeld: grain != nil || workers != nil)
        else { return desk.refuse(call, on: link) }
        guard desk.driver.isServing else { return desk.refuse(arrival, place, in: self) }
        switch place {
        case .now:
            if let grain, let method, (method.required...method.accepted).contains(call.head.argumentCount),
                let deadline = desk.deadline(of: call.head)
            {
                begin(arrival, method.turn, on: grain, deadline, at: desk)
            } else {
                desk.begin(arrival, in: self)
            }
        case .opensLine:
            desk.tasks.startApart { await desk.serveLine(of: arrival, in: self) }
        case .inLine: break
        }
    }

    /// Runs a call on the activation that was found.
    private func begin(
        _ arrival: Arrival,
        _ turn: @escaping @Sendable (isolated G, HostAddress<G>, TurnCaller, ReceivedArguments) async throws -> Reply,
        on grain: G, _ deadline: UInt32, at desk: CallDesk
    ) {
        desk.tasks.began()
        // Awaited as one of the silo's tasks.
        let task = Task.immediateDetached { [self] in
            let outcome: CallReply.Outcome
            do {
                let arguments = ReceivedArguments(
                    arrival.call.arguments, count: arrival.call.head.argumentCount, reader: desk.decoder)
                outcome = .result(try await turn(grain, address, TurnCaller(deadline: deadline), arguments).buffer)
            } catch is GateClosed {
                outcome = .notStarted(.moved, view: desk.driver.installed)
            } catch {
                outcome = desk.outcome(
                    outward(error, id: grain.context.id, method: arrival.call.head.method))
            }
            desk.end(arrival, outcome)
            desk.tasks.ended()
        }
        arrival.runs(in: task)
    }
}
