internal import GranaryCluster
internal import GranaryCore

extension GrainHost: CallReceiving {
    func receive(_ call: ReceivedCall, on link: any TransportLink, hash: UInt64, at desk: CallDesk) {
        let method = G._descriptor.methods[call.head.method]
        let grain: G? = if let method { method.find(address, call.head.grain.key) } else { find(call.head.grain.key) }
        let identity = ClusterGrain(type: name, key: call.head.grain.key, hash: hash)
        var held: HeldArrival<G>?
        let taken = desk.driver.arrivals.arrive(
            call, on: link, at: identity, isHeld: grain != nil || workers != nil
        ) { number, slot in
            guard let grain, let method, call.head.chain.isEmpty,
                (method.required...method.accepted).contains(call.head.argumentCount),
                let deadline = desk.deadline(of: call.head)
            else { return Arrival(call, on: link, at: identity, number: number, place: slot) }
            let arrival = HeldArrival(
                call, on: link, at: identity, number: number, slot: slot, to: grain, method.turn, deadline, desk: desk)
            held = arrival
            return arrival
        }
        guard let (arrival, place) = taken else { return desk.refuse(call, on: link) }
        guard desk.driver.isServing else { return desk.refuse(arrival, place, in: self) }
        switch place {
        case .now: if let held { held.begin() } else { desk.begin(arrival, in: self) }
        case .opensLine:
            desk.tasks.startApart { await desk.serveLine(of: arrival, in: self) }
        case .inLine: break
        }
    }
}
