internal import GranaryCluster

extension ClusterSimulation {
    func storeDelay() -> Int64 {
        if isDatabaseSlow { return random.time(20_000...700_000) }
        return random.chance(0.01) && !isHealed ? random.time(5_000...900_000) : random.time(150...1_500)
    }

    func reachesDatabase(_ process: SimulatedProcess) -> Bool {
        !isDatabaseDown && !cutFromDatabase.contains(process.slot)
    }

    /// Whether the answer of a statement that was executed comes back.
    func answerArrives(_ process: SimulatedProcess) -> Bool {
        reachesDatabase(process) && (isHealed || !random.chance(0.01))
    }

    func execute(_ request: StoreRequest, released: Int64, tag: UInt64, for process: SimulatedProcess) {
        // A statement that was sent is executed, even if its sender is gone or frozen.
        var answer: StoreAnswer
        if !reachesDatabase(process) {
            answer = .failed(lockTimeout: false)
            events.push(.storeAnswers(process: process.number, tag: tag, answer), at: now + 300_000)
            return
        }
        let before = database.view.number
        database.wall = now + wallOffset
        switch request {
        case .readView(let known): answer = .view(database.view, tokenOfKnown: database.log[known])
        case .join(let view, let supersedes):
            if let joined = try? database.join(process.membershipCandidate, view: view, supersedes: supersedes) {
                answer = .joined(joined)
            } else {
                answer = .failed(lockTimeout: false)
            }
        case .advance(let silo, let status, let view):
            do { answer = .changed(try database.advance(silo, to: status, view: view)) } catch {
                answer = .failed(lockTimeout: false)
            }
        case .renew(let silo): answer = .renewed(database.renew(silo, released: released))
        case .declareDead(let silos, let view, _):
            if random.chance(0.1), !isHealed {
                answer = .failed(lockTimeout: true)
            } else {
                answer = .changed(database.declareDead(silos, view: view, proven: false))
            }
        case .proveEnd(let silo):
            answer = .changed(database.proveEnd(silo))
            if database.view.number != before {
                statistics.provenEnds += 1
                hintAll()
            }
        case .breakFence: answer = .fenceBroken
        }
        if database.view.number != before {
            note("process \(process.number) (\(process.silo ?? 0)) commits view \(database.view.number): \(request)")
            for member in database.view.members where member.status == .dead && deaths[member.silo] == nil {
                deaths[member.silo] = now
                statistics.deaths += 1
            }
        }
        if answerArrives(process) {
            events.push(.storeAnswers(process: process.number, tag: tag, answer), at: now + storeDelay())
        } else {
            events.push(
                .storeAnswers(process: process.number, tag: tag, .failed(lockTimeout: false)), at: now + 400_000)
        }
    }

    /// Whoever listens reads a view that nobody sends, for who committed it has ended.
    private func hintAll() {
        for process in processes where process.isAlive && reachesDatabase(process) && random.chance(0.8) {
            events.push(.hint(process: process.number, view: database.view.number), at: now + networkDelay())
        }
    }

    func requestLoad(_ process: SimulatedProcess, _ grain: Int, _ activation: Int) {
        guard process.catalog[grain]?.number == activation else { return }
        events.push(.loadArrives(process: process.number, grain: grain, activation: activation), at: now + storeDelay())
    }

    func load(_ process: SimulatedProcess, _ grain: Int, _ activation: Int) {
        if reachesDatabase(process) {
            events.push(
                .loadAnswers(
                    process: process.number, grain: grain, activation: activation, database.rows[grains[grain]]),
                at: now + storeDelay())
        } else {
            events.push(
                .loadRetry(process: process.number, grain: grain, activation: activation), at: now + 200_000)
        }
    }
}

extension SimulatedProcess {
    var membershipCandidate: ClusterCandidate {
        membership.candidate
    }
}
