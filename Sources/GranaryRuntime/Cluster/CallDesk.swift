internal import GranaryCluster
internal import GranaryCore
internal import NIOCore

/// What becomes of calls from other silos: lines before grains that are not active, turns, answers.
struct CallDesk: Sendable {
    let runtime: SiloRuntime
    let driver: ClusterDriver

    /// Turns a call away that has not been taken in.
    func refuse(_ call: ReceivedCall, on link: any TransportLink) {
        _ = link.send(CallReply(call.head.id, .notStarted(.moved, view: driver.installed)))
    }

    /// Refuses what a silo that does not serve was sent: at once, so that one that ends its sessions has answered
    /// everything that came.
    func refuse(_ arrival: Arrival, _ place: Arrivals.Place, in host: any GrainHosting) {
        let refusal = CallReply.Outcome.notStarted(.closing, view: driver.installed)
        switch place {
        case .now: end(arrival, refusal)
        case .opensLine: emptyLine(of: arrival.grain, refusal, in: host)
        case .inLine: break
        }
    }

    /// Makes the activation that calls stand in line for, and lets them go to it in their order.
    func serveLine(of first: Arrival, in host: any GrainHosting) async {
        // Those that came before and did not reach the activation that is over are turned away first.
        await driver.arrivals.answered(before: first)
        let view = first.call.head.view
        if view > driver.installed {
            // The caller is ahead and knows better who owns the grain.
            driver.learn(view, from: first.link.peer.silo)
            await driver.installs(view, deadline: runtime.clock.now &+ 100, runtime: runtime)
        }
        var refusal: CallReply.Outcome?
        if driver.isServing {
            do {
                let deadline = runtime.clock.now &+ runtime.configuration.callTimeout.ticks
                try await host.prepare(key: first.grain.key, deadline: deadline)
            } catch let moved as GrainMoved {
                refusal = .notStarted(.moved, view: max(moved.view, driver.installed))
            } catch {
                // Each call meets it by itself.
            }
        } else {
            refusal = .notStarted(.closing, view: driver.installed)
        }
        emptyLine(of: first.grain, refusal, in: host)
    }

    /// Lets the calls in a line begin, or refuses them.
    private func emptyLine(of grain: ClusterGrain, _ refusal: CallReply.Outcome?, in host: any GrainHosting) {
        while true {
            let line = driver.arrivals.takeLine(grain)
            if line.isEmpty { return }
            for arrival in line {
                if let refusal { end(arrival, refusal) } else { begin(arrival, in: host) }
            }
        }
    }

    /// Runs a call up to the grain's gate before this returns, so that calls reach it in the order of their arrival.
    func begin(_ arrival: Arrival, in host: any GrainHosting) {
        begin(arrival) { [self] in await runtime.answer(arrival.call, in: host, driver) }
    }

    /// Runs a call up to the first place where it waits before this returns.
    @inline(__always)
    func begin(_ arrival: Arrival, _ turn: @escaping @Sendable () async -> CallReply.Outcome) {
        runtime._states.tasks.began()
        // Awaited as one of the silo's tasks.
        let task = Task.immediateDetached { [self] in
            end(arrival, await turn())
            runtime._states.tasks.ended()
        }
        arrival.runs(in: task)
    }

    /// Answers a call.
    func end(_ arrival: Arrival, _ outcome: CallReply.Outcome) {
        if case .notStarted(let reason, _) = outcome, reason == .moved || reason == .closing {
            driver.arrivals.turnAway(arrival, at: runtime.clock.now)
        }
        driver.arrivals.finish(arrival) {
            if !arrival.call.head.options.contains(.oneWay) { reply(arrival.call.head.id, outcome, on: arrival.link) }
        }
    }

    private func reply(_ call: UInt64, _ outcome: CallReply.Outcome, on link: any TransportLink) {
        // L3: what an ended or unserving silo found out leaves it no more; that it did nothing may.
        if case .notStarted = outcome {} else { guard driver.isServing else { return } }
        if case .tooLarge(let limit) = link.send(CallReply(call, outcome)) {
            let failure = CallFailure(
                code: GrainError.Code.encoding.name,
                message: "The result is larger than the \(limit) bytes that a message may have.")
            _ = link.send(CallReply(call, .error(failure)))
        }
    }
}
