internal import GranaryCore

extension CallDesk {
    /// Does what another silo asks of this one in its own name.
    func serve(_ call: ReceivedCall, on link: any TransportLink) {
        let target = driver.grain(call.head.grain.type, call.head.grain.key)
        let arrival = Arrival(call, on: link, at: target)
        guard driver.arrivals.arrive(arrival, isHeld: true) != nil else { return refuse(call.head, on: link) }
        guard driver.isServing, let runtime = driver.runtime else { return end(arrival, closing) }
        tasks.began()
        // Awaited as one of the silo's tasks.
        let task = Task.immediateDetached { [self] in
            end(arrival, await runtime.serve(call, driver))
            tasks.ended()
        }
        arrival.runs(in: task)
    }
}
