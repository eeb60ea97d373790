internal import GranaryCluster

extension ClusterSimulation {
    /// A caller in the process calls some grain.
    func issue(_ process: SimulatedProcess) {
        let pause: ClosedRange<Int64> = isHealed ? 60_000...200_000 : 10_000...90_000
        events.push(.issue(process: process.number), at: now + random.time(pause))
        guard makesCalls, process.ownership != nil, !process.membership.phase.isOver else { return }
        let grain = random.below(grains.count)
        call(grain, from: process, isWrite: random.chance(writeShare), timeout: 3_000_000)
        // A burst, so that order matters.
        if random.chance(0.2) {
            for _ in 0..<3 { call(grain, from: process, isWrite: random.chance(writeShare), timeout: 3_000_000) }
        }
        if random.chance(0.05), let held = random.pick(process.catalog.keys.sorted()),
            let entry = process.catalog[held],
            entry.running == nil, entry.save == nil, entry.unsaved.isEmpty, entry.queue.isEmpty,
            case .serving = entry.phase
        {
            drop(process, held, handover: nil)
        }
    }

    func call(_ grain: Int, from process: SimulatedProcess, isWrite: Bool, timeout: Int64) {
        let number = calls.count
        process.sequences[grain, default: 0] += 1
        calls.append(
            SimulatedCall(
                grain: grain, caller: process.number, sequence: process.sequences[grain] ?? 0, isWrite: isWrite,
                isBehind: isWrite && grain % 3 == 1, deadline: now + timeout))
        events.push(.deadline(call: number), at: now + timeout)
        process.routes[grain, default: SimulatedRoute(target: -1)].waiting.append(number)
        flush(process, grain)
    }

    func scheduleFlush(_ process: SimulatedProcess, _ grain: Int, after delay: Int64) {
        guard process.routes[grain]?.isScheduled == false else { return }
        process.routes[grain]?.isScheduled = true
        events.push(.flush(process: process.number, grain: grain), at: now + delay)
    }

    /// Sends what may be sent (C5).
    func flush(_ process: SimulatedProcess, _ grain: Int) {
        if process.parkedSince[grain] != nil, has(.waitForAll) { want(grain, at: process) }
        guard process.isAlive, var route = process.routes[grain], !route.waiting.isEmpty, let own = process.ownership
        else { return }
        guard own.installed >= route.leastView, let owner = own.snapshot.owner(of: grains[grain]),
            let target = siloProcess[owner]
        else {
            scheduleFlush(process, grain, after: 100_000)
            return
        }
        if target != route.target {
            if !route.outstanding.isEmpty, !has(.forwardWithoutOrder) { return }
            route.target = target
            route.sentTo = target
            route.number += 1
        }
        if target != process.number, !isServing(process), process.membership.phase != .joining {
            // A call may not leave without a lease; it never started.
            scheduleFlush(process, grain, after: 50_000)
            return
        }
        let sending = route.waiting
        route.waiting = []
        route.outstanding += sending
        process.routes[grain] = route
        for call in sending {
            if target == process.number {
                admit(call, route: route.number, view: own.installed, at: process)
            } else {
                send(.call(call, route: route.number, view: own.installed), from: process, to: target)
            }
        }
    }

    /// A call arrives where its grain should be (C4).
    func admit(_ call: Int, route: Int, view: Int64, at process: SimulatedProcess) {
        let grain = calls[call].grain
        let key = SimulatedProcess.RouteKey(caller: calls[call].caller, grain: grain)
        calls[call].route = route
        if !has(.forwardWithoutOrder), !has(.forgetTurnedAway), let away = process.turnedAway[key], away >= route {
            reply(.notStarted, to: call, from: process)
            return
        }
        if process.early.contains(where: { calls[$0.call].caller == key.caller && calls[$0.call].grain == grain }) {
            process.early.append((call, route, view))
            return
        }
        if let entry = process.catalog[grain], !entry.isClosing {
            process.catalog[grain]?.queue.append(call)
            beginTurn(process, grain)
            return
        }
        guard let own = process.ownership else { return }
        let isOwner = own.snapshot.owns(grains[grain])
        if process.catalog[grain] == nil, isOwner {
            process.parkedCalls[grain, default: []].append(call)
            want(grain, at: process)
        } else if view > own.installed, process.catalog[grain] == nil {
            process.early.append((call, route, view))
            if let silo = processes[calls[call].caller].silo {
                perform(process.membership.learnView(atLeast: view, from: silo, now: process.clock(now)), process)
            }
        } else {
            process.turnedAway[key] = max(route, process.turnedAway[key] ?? 0)
            reply(.notStarted, to: call, from: process)
        }
    }

    /// A view was installed: frames that named it are looked at again, and callers may have new routes.
    func installed(_ process: SimulatedProcess) {
        guard process.isAlive, let own = process.ownership else { return }
        let early = process.early
        process.early = []
        for entry in early { admit(entry.call, route: entry.route, view: entry.view, at: process) }
        for grain in process.routes.keys.sorted() {
            guard let route = process.routes[grain] else { continue }
            if route.sentTo >= 0, route.sentTo != process.number, let silo = processes[route.sentTo].silo,
                process.membership.hasEnded(silo)
            {
                giveUp(grain, at: process)
            }
            if !route.waiting.isEmpty { flush(process, grain) }
        }
        statistics.views = max(statistics.views, own.installed)
    }

    func giveUp(callsTo target: SimulatedProcess, at process: SimulatedProcess) {
        for grain in process.routes.keys.sorted() where process.routes[grain]?.sentTo == target.number {
            giveUp(grain, at: process)
            flush(process, grain)
        }
    }

    /// Nobody will answer what is outstanding: the outcome is unknown.
    private func giveUp(_ grain: Int, at process: SimulatedProcess) {
        let lost = process.routes[grain]?.outstanding ?? []
        process.routes[grain]?.outstanding = []
        process.routes[grain]?.target = -1
        for call in lost where !calls[call].isEnded {
            if has(.resend) {
                process.routes[grain]?.waiting.append(call)
            } else {
                end(call, failed: true)
            }
        }
    }

    func requeue(_ call: Int, at process: SimulatedProcess) {
        process.parkedCalls[calls[call].grain, default: []].append(call)
        want(calls[call].grain, at: process)
    }

    func reply(_ reply: SimulatedReply, to call: Int, from process: SimulatedProcess) {
        let caller = processes[calls[call].caller]
        if case .notStarted = reply {
            let key = SimulatedProcess.RouteKey(caller: caller.number, grain: calls[call].grain)
            process.turnedAway[key] = max(calls[call].route, process.turnedAway[key] ?? 0)
        }
        let view = process.ownership?.installed ?? 0
        if caller === process {
            replied(call, reply, view: view, from: process, at: process)
        } else {
            send(.reply(call, reply, view: view), from: process, to: caller.number)
        }
    }

    func replied(
        _ call: Int, _ reply: SimulatedReply, view: Int64, from sender: SimulatedProcess, at process: SimulatedProcess
    ) {
        let grain = calls[call].grain
        guard let position = process.routes[grain]?.outstanding.firstIndex(of: call) else { return }
        process.routes[grain]?.outstanding.remove(at: position)
        if !calls[call].isEnded {
            switch reply {
            case .done: acknowledge(call)
            case .failed, .unknown: end(call, failed: true)
            case .notStarted:
                process.routes[grain]?.waiting.append(call)
                // The numbers of one silo's calls to one grain ascend with their order.
                process.routes[grain]?.waiting.sort()
                let least = process.routes[grain]?.leastView ?? 0
                process.routes[grain]?.leastView = max(view, least)
            }
        }
        guard let route = process.routes[grain] else { return }
        if view > process.ownership?.installed ?? 0, let silo = sender.silo {
            perform(process.membership.learnView(atLeast: view, from: silo, now: process.clock(now)), process)
        }
        if route.waiting.isEmpty { return }
        if route.outstanding.isEmpty {
            // A new route, even to the same silo: what was turned away goes first.
            process.routes[grain]?.target = -1
            scheduleFlush(process, grain, after: 5_000)
        } else if case .notStarted = reply {
            // New calls must not overtake those turned away.
            process.routes[grain]?.target = -2
            if has(.forwardWithoutOrder) {
                scheduleFlush(process, grain, after: 5_000)
            }
        }
    }

    func expire(_ call: Int) {
        let process = processes[calls[call].caller]
        guard !calls[call].isEnded else { return }
        // The deadline's timer stands still with its process, and ends the call when it goes on. Where nobody is left to declare
        // a silo dead that stands still, new ones have to start and to wait for a lease (F5), and in the strict mode for one
        // more (L5).
        let patience: Int64 = options.mode == .strict ? 12_000_000 : 9_000_000
        if isHealed, now > lastTrouble + patience, !hasFaults, process.isAlive, !process.membership.phase.isOver,
            !isFrozen(process), now < slowFrom || calls[call].grain != 0
        {
            fail(
                "I10: call \(call) to \(grains[calls[call].grain]) from silo \(process.silo ?? 0) is not answered: \(whereIs(call))"
            )
        }
        end(call, failed: true)
        let grain = calls[call].grain
        process.routes[grain]?.outstanding.removeAll { $0 == call }
        process.routes[grain]?.waiting.removeAll { $0 == call }
        if process.routes[grain]?.outstanding.isEmpty == true, process.isAlive {
            if process.routes[grain]?.target == -2 { process.routes[grain]?.target = -1 }
            scheduleFlush(process, grain, after: 0)
        }
    }

    func end(_ call: Int, failed: Bool) {
        guard !calls[call].isEnded else { return }
        calls[call].isEnded = true
        calls[call].hasFailed = failed
        if failed { statistics.failedCalls += 1 }
    }

    private func whereIs(_ call: Int) -> String {
        let grain = calls[call].grain
        var text: [String] = []
        for process in processes where process.isAlive {
            let silo = process.silo ?? 0
            if process.routes[grain]?.outstanding.contains(call) == true {
                text.append("sent by \(silo) to process \(process.routes[grain]?.target ?? -1)")
            }
            if process.routes[grain]?.waiting.contains(call) == true { text.append("waits at its caller \(silo)") }
            if process.parkedCalls[grain]?.contains(call) == true {
                text.append("parked at \(silo) for \(process.ownership?.waits(for: grains[grain]) ?? [])")
            }
            if let entry = process.catalog[grain] {
                text.append("held by \(silo) \(entry.phase) closing \(entry.isClosing) running \(entry.running ?? -1)")
            }
            if process.early.contains(where: { $0.call == call }) { text.append("early at \(silo)") }
        }
        return text.joined(separator: ", ")
    }
}
