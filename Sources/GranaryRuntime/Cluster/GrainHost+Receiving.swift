internal import GranaryCluster
internal import GranaryCore

extension GrainHost: CallReceiving {
    func receive(_ call: consuming ReceivedCall, on link: any TransportLink, hash: UInt64, at desk: CallDesk) {
        let method = G._descriptor.methods[call.head.method]
        let grain: G? = if let method { method.find(address, call.head.grain.key) } else { find(call.head.grain.key) }
        let identity = ClusterGrain(type: name, key: call.head.grain.key, hash: hash)
        let arrival: Arrival
        if let grain, let method, call.head.chain.isEmpty,
            (method.required...method.accepted).contains(call.head.argumentCount),
            let deadline = desk.deadline(of: call.head)
        {
            arrival = HeldArrival(call, on: link, at: identity, to: grain, method, deadline, desk: desk)
        } else {
            arrival = Arrival(call, on: link, at: identity)
        }
        guard let place = desk.driver.arrivals.arrive(arrival, isHeld: grain != nil || workers != nil) else {
            return desk.refuse(arrival.head, on: link)
        }
        guard desk.driver.isServing else { return desk.refuse(arrival, place, in: self) }
        switch place {
        case .now: arrival.begin(in: self, at: desk)
        case .quick: desk.driver.quickLine.add(arrival)
        case .opensLine:
            desk.tasks.startApart { await desk.serveLine(of: arrival, in: self) }
        case .inLine: break
        }
    }
}
