internal import GranaryCluster

extension ClusterSimulation {
    func networkDelay() -> Int64 {
        random.chance(0.02) ? random.time(1_000...60_000) : random.time(100...900)
    }

    /// Whether frames from one process to another are lost.
    func isCut(_ from: SimulatedProcess, _ to: SimulatedProcess) -> Bool {
        if partitions.isEmpty { return false }
        return partitions.contains { partition in
            let inside = partition.slots.contains(from.slot)
            if inside == partition.slots.contains(to.slot) { return false }
            return !partition.oneWay || inside
        }
    }

    func sendControl(_ message: ClusterMessage, from process: SimulatedProcess, to silo: Int32) {
        guard let target = siloProcess[silo] else { return }
        let receiver = processes[target]
        statistics.controlMessages += 1
        guard receiver.isAlive, !isCut(process, receiver) else { return }
        if !isHealed, random.chance(0.002) { return }
        var delay: Int64 = 0
        if case .view = message, lateNews.contains(receiver.slot) { delay = random.time(20_000...900_000) }
        let copies = !isHealed && random.chance(0.01) ? 2 : 1
        for _ in 0..<copies {
            events.push(.control(message, from: process.number, to: target), at: now + delay + networkDelay())
        }
    }

    func receiveControl(_ message: ClusterMessage, from sender: SimulatedProcess, at process: SimulatedProcess) {
        guard let silo = sender.silo else { return }
        perform(process.membership.receive(message, from: silo, now: process.clock(now)), process)
        settle(process)
    }

    /// Sends in order, once; a cut link keeps the frames.
    func send(_ frame: SimulatedFrame, from process: SimulatedProcess, to target: Int) {
        let receiver = processes[target]
        guard receiver.isAlive else { return }
        let link = LinkKey(from: process.number, to: target)
        if isCut(process, receiver) || isCut(receiver, process) || linkWaiting[link]?.isEmpty == false {
            linkWaiting[link, default: []].append(frame)
            return
        }
        if case .cluster(let message) = frame {
            statistics.ownershipMessages += 1
            if case .installed = message { statistics.announcements += 1 }
        }
        let isSaturated = saturated.contains(process.slot) || saturated.contains(receiver.slot)
        let delay =
            networkDelay() + (isSaturated ? random.time(isHealed ? 1_000_000...4_000_000 : 50_000...900_000) : 0)
        let time = max(linkFree[link, default: 0], now + delay)
        linkFree[link] = time
        events.push(.session(frame, from: process.number, to: target, epoch: linkEpoch[link, default: 0]), at: time)
    }

    /// Sessions go on where they were cut.
    func resumeLinks() {
        for link in linkWaiting.keys.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) {
            let from = processes[link.from]
            let to = processes[link.to]
            if from.isAlive, to.isAlive, isCut(from, to) || isCut(to, from) { continue }
            let frames = linkWaiting.removeValue(forKey: link) ?? []
            // What an ended process had not sent is gone with it.
            if from.isAlive { for frame in frames { send(frame, from: from, to: link.to) } }
        }
    }

    func receive(_ frame: SimulatedFrame, from sender: SimulatedProcess, at process: SimulatedProcess) {
        guard let silo = sender.silo else { return }
        if process.membership.hasEnded(silo) {
            if let view = process.membership.view { sendControl(.view(view), from: process, to: silo) }
            return
        }
        switch frame {
        case .cluster(let message):
            perform(process.ownership?.receive(message, from: silo) ?? [], process)
            settle(process)
        case .call(let call, let route, let view):
            admit(call, route: route, view: view, at: process)
        case .reply(let call, let reply, let view):
            replied(call, reply, view: view, from: sender, at: process)
        }
    }

    func dial(_ process: SimulatedProcess, _ silo: Int32) {
        guard let target = siloProcess[silo] else { return }
        let receiver = processes[target]
        var outcome = DialOutcome.connected
        var delay = networkDelay()
        if isCut(process, receiver) || isCut(receiver, process) {
            outcome = .failed
            delay = 500_000
        } else if !receiver.isAlive {
            let newer = slots[receiver.slot]
            outcome = processes[newer].isAlive ? .newerIncarnation : .refused
        } else if isFrozen(receiver) {
            outcome = .failed
            delay = 500_000
        }
        events.push(.dialed(process: process.number, silo: silo, outcome), at: now + delay)
    }

    /// A session between two processes loses what is under way: both know.
    func loseSession(_ a: SimulatedProcess, _ b: SimulatedProcess) {
        guard let first = a.silo, let second = b.silo, a.isAlive, b.isAlive, !isFrozen(a), !isFrozen(b) else { return }
        note("session of \(first) and \(second) is lost")
        for link in [LinkKey(from: a.number, to: b.number), LinkKey(from: b.number, to: a.number)] {
            linkEpoch[link, default: 0] += 1
            linkWaiting[link] = nil
        }
        perform(a.ownership?.sessionLost(with: second) ?? [], a)
        perform(b.ownership?.sessionLost(with: first) ?? [], b)
        giveUp(callsTo: b, at: a)
        giveUp(callsTo: a, at: b)
    }
}
