internal import GranaryCluster
internal import GranaryCore
internal import NIOCore

extension GrainHost: CallReceiving {
    func receive(_ call: ReceivedCall, on link: any TransportLink, hash: UInt64, at desk: CallDesk) {
        let text = call.head.grain.key
        let grain = G.Key(keyText: text).flatMap { find($0, hash: $0._tableHash) }
        guard
            let (arrival, place) = desk.driver.arrivals.arrive(
                call, on: link, at: ClusterGrain(type: name, key: text, hash: hash), isHeld: grain != nil)
        else { return desk.refuse(call, on: link) }
        guard desk.driver.isServing else { return desk.refuse(arrival, place, in: self) }
        switch place {
        case .now:
            if let grain { begin(arrival, on: grain, at: desk) } else { desk.begin(arrival, in: self) }
        case .opensLine:
            desk.runtime._states.tasks.startApart { await desk.serveLine(of: arrival, in: self) }
        case .inLine: break
        }
    }

    /// Runs a call on the activation that was found.
    private func begin(_ arrival: Arrival, on grain: G, at desk: CallDesk) {
        let call = arrival.call
        guard let method = G._descriptor.methods[call.head.method],
            (method.required...method.accepted).contains(call.head.argumentCount),
            let deadline = desk.runtime.deadline(of: call.head)
        else { return desk.begin(arrival, in: self) }
        let caller = TurnCaller(deadline: deadline)
        let arguments = ReceivedArguments(
            call.arguments, count: call.head.argumentCount, reader: desk.runtime._decoder)
        desk.begin(arrival) { [self] in
            do {
                return .result(try await method.turn(grain, address, caller, arguments).buffer)
            } catch {
                return desk.runtime.outcome(
                    error is GateClosed
                        ? GrainMoved(view: 0) : outward(error, id: grain.context.id, method: method.name),
                    desk.driver)
            }
        }
    }
}
