package import GranaryCluster

/// A random walk over the ownership rules alone: the machines of a few silos, links that delay, a database, skipped
/// views, freezes, deaths; no failure detector, no calls.
///
/// Thousands of walks take seconds.
package struct OwnershipWalk {
    struct Silo {
        var machine: OwnershipMachine
        /// The catalog: its snapshot, and what is held with the number of writes that the activation has seen.
        var snapshot: OwnershipSnapshot?
        var held: [ClusterGrain: Int] = [:]
        var closing: [ClusterGrain] = []
        var surveys: [Int64] = []
        var lease = 0
        var isFrozen = false
        var isStopped = false
        var burials: [Int32: Int] = [:]
    }

    static let leaseLength = 10
    let strict: Bool
    var random: SeededGenerator
    var database = SimulatedDatabase()
    var settings: OwnershipSettings
    var silos: [Int32: Silo] = [:]
    /// The messages under way, per direction, in order.
    var links: [Link: [ClusterMessage]] = [:]
    var now = 0
    /// The views in which dead silos said that they serve no more.
    var proven: [Int32: Int64] = [:]
    /// The number of committed writes of each grain.
    var writes: [ClusterGrain: Int] = [:]
    let grains: [ClusterGrain]
    /// What happened, if it is recorded.
    package private(set) var trace: [String] = []
    /// How many grains were activated.
    package private(set) var activations = 0
    /// How many of them with states that were handed over.
    package private(set) var warmActivations = 0
    let isTraced: Bool
    var violation: String?

    struct Link: Hashable {
        var from: Int32
        var to: Int32
    }

    /// Prepares a walk.
    ///
    /// - Parameters:
    ///   - seed: The seed: equal seeds walk alike.
    ///   - strict: Whether the mode is strict.
    ///   - weakness: The rules to leave out.
    ///   - isTraced: Whether to record what happens.
    package init(seed: UInt64, strict: Bool, weakness: OwnershipWeakness = [], isTraced: Bool = false) {
        self.strict = strict
        self.isTraced = isTraced
        random = SeededGenerator(seed: seed)
        let key = HashKey(low: seed, high: 7)
        settings = OwnershipSettings(mode: strict ? .strict : .fast, hashKey: key)
        settings.pointsPerWeight = 4
        settings.backgroundReleases = 2
        settings.hashesPerRelease = 2
        settings.hashesPerMessage = 2
        settings.weakness = weakness
        grains = (0..<5).map { number in
            let type = number == 4 ? "Order" : "Cart"
            return ClusterGrain(type: type, key: "\(number)", hash: GrainHasher(type: type, key: key).hash("\(number)"))
        }
    }

    /// Walks.
    ///
    /// - Parameter steps: How many steps to take.
    /// - Returns: What went wrong, if anything did.
    package mutating func run(steps: Int = 400) -> String? {
        for _ in 0..<3 { activate(join()) }
        for _ in 0..<steps where violation == nil {
            step()
            check()
        }
        return violation
    }

    private mutating func note(_ text: String) {
        trace.append("\(now) \(text)")
    }

    private mutating func join() -> Int32 {
        let number = database.view.members.count + 1
        let types = random.chance(0.7) ? ["Cart", "Order"] : ["Cart"]
        let candidate = ClusterCandidate(
            incarnation: "i\(number)", name: "s\(number)", address: "", weight: 1, types: types, leaseMilliseconds: 0)
        guard let joined = try? database.join(candidate, view: database.view.number, supersedes: nil) else { return 0 }
        silos[joined.silo] = Silo(machine: OwnershipMachine(silo: joined.silo, settings: settings), lease: now)
        if isTraced { note("silo \(joined.silo) joins in view \(joined.view)") }
        install(database.view, at: joined.silo)
        return joined.silo
    }

    private mutating func activate(_ silo: Int32) {
        if (try? database.advance(silo, to: .active, view: database.view.number)) != nil {
            if isTraced { note("silo \(silo) active in view \(database.view.number)") }
        }
    }

    private mutating func install(_ view: ClusterView, at silo: Int32) {
        guard silos[silo] != nil else { return }
        if isTraced { note("silo \(silo) installs view \(view.number)") }
        for member in view.members where member.ended != nil && silos[silo]?.burials[member.silo] == nil {
            silos[silo]?.burials[member.silo] = now + Self.leaseLength
        }
        let serving = now < (silos[silo]?.lease ?? 0) + Self.leaseLength
        var actions = silos[silo]?.machine.setServing(serving) ?? []
        actions += silos[silo]?.machine.install(view) ?? []
        perform(actions, at: silo)
        if view.member(silo)?.status.isLive == false {
            silos[silo]?.isStopped = true
            silos[silo]?.held = [:]
            // Nothing of it is seen any more, so it may say so; the word may be lost.
            if strict, random.chance(0.5) { proven[silo] = database.proveEnd(silo) }
        }
    }

    private mutating func perform(_ actions: [OwnershipAction], at silo: Int32) {
        for action in actions {
            switch action {
            case .survey(let snapshot):
                silos[silo]?.snapshot = snapshot
                silos[silo]?.surveys.append(snapshot.view)
            case .send(let message, let target):
                if isTraced { note("\(silo) -> \(target): \(message)") }
                links[Link(from: silo, to: target), default: []].append(message)
            case .learnView:
                break
            case .activate(let grain, let view, let handover):
                if now < (silos[silo]?.lease ?? 0) + Self.leaseLength {
                    activate(grain, at: silo, view: view, handover: handover)
                }
            case .bounce:
                break
            case .letGo(let grain):
                if silos[silo]?.held[grain] != nil {
                    silos[silo]?.closing.append(grain)
                } else {
                    perform(silos[silo]?.machine.letGo(grain) ?? [], at: silo)
                }
            case .reopen(let grain):
                if random.chance(0.5) { silos[silo]?.closing.removeAll { $0 == grain } }
            case .adopt, .settled:
                break
            }
        }
    }

    private mutating func activate(_ grain: ClusterGrain, at silo: Int32, view: Int64, handover: GrainHandover?) {
        guard silos[silo]?.snapshot?.view == view, silos[silo]?.held[grain] == nil else { return }
        let committed = writes[grain] ?? 0
        var seen = committed
        if let handover, let payload = handover.states.first?.payload {
            seen = payload.reduce(0) { $0 << 8 | Int($1) }
            warmActivations += 1
            if seen != committed {
                violation = "I6: silo \(silo) activates \(grain) with \(seen) writes of \(committed) at \(now)"
            }
        }
        activations += 1
        silos[silo]?.held[grain] = seen
        if isTraced { note("silo \(silo) ACTIVATES \(grain) in view \(view)\(handover == nil ? "" : " warm")") }
    }

    private mutating func step() {
        let silo: Int32
        let choice = random.below(100)
        if choice < 5 {
            if database.view.number < 30 { changeView() }
            return
        }
        if choice < 12 {
            now += [1, 1, 2, 5][random.below(4)]
            return
        }
        let awake = silos.keys.filter { silos[$0]?.isStopped == false && silos[$0]?.isFrozen == false }.sorted()
        if choice < 13 {
            silo = random.pick(silos.keys.sorted()) ?? 0
            silos[silo]?.isFrozen.toggle()
            if isTraced { note("silo \(silo) \(silos[silo]?.isFrozen == true ? "freezes" : "wakes")") }
            return
        }
        guard let awake = random.pick(awake), var state = silos[awake] else { return }
        silo = awake
        let serving = now < state.lease + Self.leaseLength
        let resumed = state.machine.setServing(serving)
        silos[silo]?.machine = state.machine
        perform(resumed, at: silo)
        state = silos[silo] ?? state
        let grain = grains[random.below(grains.count)]
        switch choice {
        case 13..<28:
            if state.machine.installed < database.view.number { installSome(at: silo) }
        case 28..<50:
            for _ in 0..<3 { deliver(to: silo) }
        case 50..<62:
            guard state.held[grain] == nil else { return }
            let answer = state.machine.want(grain)
            silos[silo]?.machine = state.machine
            perform(answer.actions, at: silo)
            if case .activate(let view, let handover) = answer.verdict {
                activate(grain, at: silo, view: view, handover: handover)
            }
        case 62..<70:
            finishClosing(at: silo)
        case 70..<78:
            survey(at: silo)
        case 78..<86:
            renew(at: silo)
        case 86..<89:
            perform(
                state.machine.read(database.view.number == state.machine.installed ? database.view : view(at: silo)),
                at: silo)
        case 89..<94:
            guard state.held[grain] != nil, serving, database.member(silo)?.status.isLive == true,
                !state.closing.contains(grain)
            else { return }
            writes[grain, default: 0] += 1
            silos[silo]?.held[grain] = writes[grain]
        default:
            // Idle: the activation goes, owned or not.
            guard state.held[grain] != nil, !state.closing.contains(grain) else { return }
            silos[silo]?.held[grain] = nil
            if isTraced { note("silo \(silo) drops idle \(grain)") }
            perform(silos[silo]?.machine.letGo(grain) ?? [], at: silo)
        }
    }

    private func view(at silo: Int32) -> ClusterView {
        var view = database.view
        view.number = 0
        return view
    }

    private mutating func installSome(at silo: Int32) {
        // The rows of the newest view tell any older one's too, but for what ended or came since.
        let installed = silos[silo]?.machine.installed ?? 0
        let newest = database.view.number
        let target = random.chance(0.6) ? newest : installed + 1 + Int64(random.below(Int(newest - installed)))
        var view = database.view
        view.number = target
        view.members = database.view.members.filter { $0.joined <= target }.map { row in
            var row = row
            if let ended = row.ended, ended > target {
                row.ended = nil
                row.fenced = false
                row.status = .leaving
                if row.ringTo == ended { row.ringTo = nil }
            }
            if let view = proven[row.silo], view > target { row.fenced = false }
            if let to = row.ringTo, to > target { row.ringTo = nil }
            if let from = row.ringFrom, from > target { row.ringFrom = nil }
            if row.ended == nil { row.status = row.ringFrom == nil ? .joining : row.ringTo == nil ? .active : .leaving }
            row.released = min(row.released, target)
            return row
        }
        install(view, at: silo)
    }

    private mutating func deliver(to silo: Int32) {
        let senders = links.keys.filter { $0.to == silo && links[$0]?.isEmpty == false }.map(\.from).sorted()
        guard let sender = random.pick(senders), let message = links[Link(from: sender, to: silo)]?.removeFirst() else {
            return
        }
        perform(silos[silo]?.machine.receive(message, from: sender) ?? [], at: silo)
    }

    private mutating func finishClosing(at silo: Int32) {
        guard let count = silos[silo]?.closing.count, count > 0 else { return }
        let index = random.below(count)
        guard let grain = silos[silo]?.closing.remove(at: index),
            let seen = silos[silo]?.held.removeValue(forKey: grain)
        else { return }
        if isTraced { note("silo \(silo) RELEASES \(grain)") }
        let payload = [UInt8(seen >> 8), UInt8(seen & 0xff)]
        let handover =
            random.chance(0.7) ? ([HandedState(name: "s", etag: nil, payload: payload)], false) : nil
        perform(silos[silo]?.machine.letGo(grain, handover: handover) ?? [], at: silo)
    }

    private mutating func survey(at silo: Int32) {
        guard let state = silos[silo], let snapshot = state.snapshot, let view = state.surveys.first else { return }
        silos[silo]?.surveys.removeFirst()
        let found = state.held.keys.filter { !snapshot.owns($0) }.sorted { $0.key < $1.key }
        silos[silo]?.machine.foreign(found, in: view)
        perform(silos[silo]?.machine.surveyed(view) ?? [], at: silo)
    }

    private mutating func renew(at silo: Int32) {
        guard database.member(silo)?.status.isLive == true, let released = silos[silo]?.machine.released else { return }
        _ = database.renew(silo, released: released)
        silos[silo]?.lease = now
        for (member, time) in (silos[silo]?.burials ?? [:]).sorted(by: { $0.key < $1.key }) where time <= now {
            perform(silos[silo]?.machine.bury(member) ?? [], at: silo)
        }
    }

    private mutating func changeView() {
        let live = database.view.live.map(\.silo)
        let joining = database.view.live.filter { $0.status == .joining }.map(\.silo)
        let active = database.view.active.map(\.silo)
        switch random.below(100) {
        case 0..<35:
            if let silo = random.pick(joining) { activate(silo) } else if live.count < 5 { _ = join() }
        case 35..<50:
            if live.count < 5 { _ = join() }
        case 50..<65:
            if active.count > 1, let silo = random.pick(active) {
                _ = try? database.advance(silo, to: .leaving, view: database.view.number)
                if isTraced { note("silo \(silo) leaving in view \(database.view.number)") }
            }
        case 65..<75:
            for silo in live {
                guard let state = silos[silo], let to = database.member(silo)?.ringTo, !state.isFrozen,
                    !state.isStopped,
                    state.machine.installed >= to, state.machine.isSettled, state.held.isEmpty
                else { continue }
                _ = try? database.advance(silo, to: .left, view: database.view.number)
                silos[silo]?.isStopped = true
                if isTraced { note("silo \(silo) left in view \(database.view.number)") }
                break
            }
        default:
            if live.count > 1, let silo = random.pick(live) {
                _ = database.declareDead([silo], view: database.view.number, proven: false)
                if isTraced { note("silo \(silo) dead in view \(database.view.number)") }
            }
        }
    }

    private mutating func check() {
        for grain in grains {
            var holders: [Int32] = []
            for (silo, state) in silos where state.held[grain] != nil && !state.isStopped {
                if strict {
                    if now < state.lease + Self.leaseLength { holders.append(silo) }
                } else if database.member(silo)?.status.isLive == true {
                    holders.append(silo)
                }
            }
            if holders.count > 1 {
                violation = violation ?? "I2: \(grain) is held by \(holders.sorted()) at \(now)"
            }
        }
    }
}
