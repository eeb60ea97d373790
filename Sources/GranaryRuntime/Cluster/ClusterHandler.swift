internal import GranaryCluster
internal import GranaryCore
internal import Logging
internal import NIOCore
internal import Synchronization

/// Hears what arrives from other processes.
///
/// Nothing here blocks; turns run in tasks of the silo.
final class ClusterHandler: TransportHandler {
    /// Set once the silo knows its own address; until then the transport lets nobody in.
    private let box = Mutex<ClusterDriver?>(nil)
    /// The calls whose answers are waited for, with their tasks once they have one.
    private let running = Mutex<[Arrivals.Key: Task<Void, Never>?]>([:])

    private var driver: ClusterDriver? { box.withLock { $0 } }

    /// Begins to pass on what arrives.
    func serve(_ driver: ClusterDriver) { box.withLock { $0 = driver } }

    func admits(_ peer: PeerIdentity) -> Admission {
        guard let driver else { return .refused(.busy, reason: "the silo is starting") }
        if peer.isClient { return .welcome }
        if driver.state.withLock({ $0.membership.hasEnded(peer.silo) }) {
            return .refused(.ended, reason: "\(peer) has ended")
        }
        return .welcome
    }

    func received(_ call: ReceivedCall, on link: any TransportLink) {
        guard let driver, let runtime = driver.runtime else {
            _ = link.send(CallReply(call.head.id, .notStarted(.closing, view: 0)))
            return
        }
        guard let host = runtime.hosts.host(named: call.head.grain.type) else {
            _ = link.send(CallReply(call.head.id, .notStarted(.moved, view: driver.installed)))
            return
        }
        guard driver.clients.enter(link.peer) else {
            _ = link.send(CallReply(call.head.id, .notStarted(.overloaded, view: driver.installed)))
            return
        }
        // Activations of a type that keeps nothing are made when a call comes to them: none stands in line for one.
        let (arrival, place) = driver.arrivals.arrive(
            call, on: link, at: driver.grain(host.name, call.head.grain.key),
            isHeld: host.hasWorkers || host.holds(key: call.head.grain.key))
        if case .turnedAway = place {
            driver.clients.leave(link.peer)
            _ = link.send(CallReply(call.head.id, .notStarted(.moved, view: driver.installed)))
            return
        }
        running.withLock { $0[arrival.key] = .some(nil) }
        if !driver.isServing {
            // At once, so that a silo that ends its sessions has answered everything that came.
            let refusal = CallReply.Outcome.notStarted(.closing, view: driver.installed)
            switch place {
            case .now: end(arrival, refusal, runtime, driver)
            case .opensLine: emptyLine(of: arrival.grain, refusal, in: host, runtime, driver)
            case .inLine, .turnedAway: break
            }
            return
        }
        switch place {
        case .now: begin(arrival, in: host, runtime, driver)
        case .opensLine:
            runtime._states.tasks.startApart { [self] in await serveLine(of: arrival, in: host, runtime, driver) }
        case .inLine, .turnedAway: break
        }
    }

    /// Makes the activation that calls stand in line for, and lets them go to it in their order.
    private func serveLine(
        of first: Arrivals.Arrival, in host: any GrainHosting, _ runtime: SiloRuntime, _ driver: ClusterDriver
    ) async {
        // Those that came before and did not reach the activation that is over are turned away first.
        await driver.arrivals.answered(first.grain, before: first.number)
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
        emptyLine(of: first.grain, refusal, in: host, runtime, driver)
    }

    /// Lets the calls in a line begin, or refuses them.
    private func emptyLine(
        of grain: ClusterGrain, _ refusal: CallReply.Outcome?, in host: any GrainHosting, _ runtime: SiloRuntime,
        _ driver: ClusterDriver
    ) {
        while true {
            let line = driver.arrivals.takeLine(grain)
            if line.isEmpty { return }
            for arrival in line {
                if let refusal {
                    end(arrival, refusal, runtime, driver)
                } else {
                    begin(arrival, in: host, runtime, driver)
                }
            }
        }
    }

    /// Runs a call up to the grain's gate before this returns, so that calls reach it in the order of their arrival.
    private func begin(
        _ arrival: Arrivals.Arrival, in host: any GrainHosting, _ runtime: SiloRuntime, _ driver: ClusterDriver
    ) {
        runtime._states.tasks.began()
        // Awaited as one of the silo's tasks.
        let task = Task.immediateDetached { [self] in
            end(arrival, await runtime.answer(arrival.call, in: host, driver), runtime, driver)
            runtime._states.tasks.ended()
        }
        let isWaitedFor = running.withLock { running in
            // The call may have ended, or its caller have given up, before its task was filed.
            guard running[arrival.key] != nil else { return false }
            running[arrival.key] = task
            return true
        }
        if !isWaitedFor { task.cancel() }
    }

    /// Answers a call.
    private func end(
        _ arrival: Arrivals.Arrival, _ outcome: CallReply.Outcome, _ runtime: SiloRuntime, _ driver: ClusterDriver
    ) {
        if case .notStarted(let reason, _) = outcome, reason == .moved || reason == .closing {
            driver.arrivals.turnAway(arrival, at: runtime.clock.now)
        }
        driver.clients.leave(arrival.link.peer)
        let isWaitedFor = running.withLock { $0.removeValue(forKey: arrival.key) } != nil
        if isWaitedFor, !arrival.call.head.options.contains(.oneWay) {
            reply(arrival.call.head.id, outcome, on: arrival.link)
        }
        // After the answer: the grain may be free for its next owner now.
        driver.arrivals.finish(arrival)
    }

    private func reply(_ call: UInt64, _ outcome: CallReply.Outcome, on link: any TransportLink) {
        // L3: what an ended or unserving silo found out leaves it no more; that it did nothing may.
        if case .notStarted = outcome {} else { guard driver?.isServing == true else { return } }
        if case .tooLarge(let limit) = link.send(CallReply(call, outcome)) {
            let failure = CallFailure(
                code: GrainError.Code.encoding.name,
                message: "The result is larger than the \(limit) bytes that a message may have.")
            _ = link.send(CallReply(call, .error(failure)))
        }
    }

    func received(_ reply: CallReply, on link: any TransportLink) {
        driver?.calls.finish(reply.call, .answered(reply.outcome))
    }

    func received(cancellationOf call: UInt64, on link: any TransportLink) {
        let key = Arrivals.Key(link: ObjectIdentifier(link), call: call)
        let task = running.withLock { $0.removeValue(forKey: key) }
        if let task = task.flatMap({ $0 }) { task.cancel() }
    }

    func received(message: ByteBuffer, on link: any TransportLink) {
        guard let driver else { return }
        if link.peer.isClient {
            let view = driver.state.withLock(\.membership.view)
            return driver.clients.received(message, on: link, view: view, hashKey: driver.hashKey)
        }
        guard let message = decode(message, from: link.peer) else { return }
        if driver.state.withLock({ $0.membership.hasEnded(link.peer.silo) }) { return }
        driver.ownership { $0.receive(message, from: link.peer.silo) }
    }

    func received(control message: ByteBuffer, from peer: PeerIdentity) {
        guard let driver, !peer.isClient, let message = decode(message, from: peer) else { return }
        driver.membership { $0.receive(message, from: peer.silo, now: $1) }
    }

    func sessionOpened(_ link: any TransportLink) {}

    func sessionInterrupted(_ link: any TransportLink) { closed(link.peer, goodbye: false) }

    func sessionResumed(_ link: any TransportLink) {}

    func sessionEnded(_ link: any TransportLink, _ end: SessionEnd) {
        driver?.calls.ended(link, end)
        driver?.arrivals.forget(link)
        let identifier = ObjectIdentifier(link)
        let orphans = running.withLock { running in
            let orphans = running.filter { $0.key.link == identifier }
            for arrival in orphans.keys { running[arrival] = nil }
            return orphans.values.compactMap { $0 }
        }
        for task in orphans { task.cancel() }
        if link.peer.isClient { return driver?.clients.forget(link) ?? () }
        driver?.ownership { $0.sessionLost(with: link.peer.silo) }
    }

    func controlOpened(_ peer: PeerIdentity) {}

    func controlClosed(_ peer: PeerIdentity, goodbye: Bool) { closed(peer, goodbye: goodbye) }

    private func closed(_ peer: PeerIdentity, goodbye: Bool) {
        // An older incarnation's connection says nothing of the member that has its number now.
        guard let driver, driver.identity(of: peer.silo) == peer else { return }
        driver.membership { $0.connectionClosed(to: peer.silo, goodbye: goodbye, now: $1) }
    }

    private func decode(_ buffer: ByteBuffer, from peer: PeerIdentity) -> ClusterMessage? {
        var buffer = buffer
        do {
            return try CBORDecoder().decode(ClusterMessage.self, from: &buffer)
        } catch {
            driver?.logger.warning(
                "a cluster message cannot be read and is ignored; is the peer of a newer version?",
                metadata: ["peer": "\(peer)", "error": "\(error)"])
            return nil
        }
    }
}
