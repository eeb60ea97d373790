import GranaryCluster
import GranarySimulation

/// Some membership machines on one clock, with a network and a database that do what a test's script says.
///
/// Messages take 1 ms, statements 2 ms, dials 1 ms, ticks come every 10 ms. Nothing is random.
final class MembershipHarness {
    struct Statement {
        var time: Duration
        var silo: Int
        var request: StoreRequest
    }

    struct Change {
        var time: Duration
        var silo: Int
        var reason: String
        var silos: [Int32]
    }

    private(set) var now: Duration = .seconds(100)
    var database = SimulatedDatabase()
    private(set) var machines: [MembershipMachine] = []
    private(set) var names: [String] = []
    /// Statements as they were sent.
    private(set) var statements: [Statement] = []
    /// Deaths that were committed.
    private(set) var deaths: [Change] = []
    private(set) var messages: [(time: Duration, message: ClusterMessage, from: Int, to: Int)] = []
    private(set) var dials: [(time: Duration, from: Int, to: Int)] = []
    private(set) var buried: [(time: Duration, silo: Int32, at: Int)] = []
    private(set) var installs: [(time: Duration, view: Int64, at: Int)] = []
    /// Machines that are not run: crashed, or standing still.
    var stopped: Set<Int> = []
    var frozen: Set<Int> = []
    /// Whether a message, or dial, gets from one to the other.
    var isOpen: (Int, Int) -> Bool = { _, _ in true }
    /// How long a message takes.
    var latency: (Int, Int) -> Duration = { _, _ in .milliseconds(1) }
    /// Whether a machine reaches the database.
    var reachesStore: (Int) -> Bool = { _ in true }
    /// Answers a statement in place of the database.
    var answer: (Int, StoreRequest) -> StoreAnswer? = { _, _ in nil }
    /// How a dial ends, when it is not for the network to say.
    var dialOutcome: (Int, Int) -> DialOutcome? = { _, _ in nil }

    private enum Event {
        case tick(Int)
        case message(ClusterMessage, from: Int, to: Int)
        case execute(StoreRequest, UInt64, Int)
        case answer(StoreAnswer, UInt64, Int)
        case dialed(Int32, DialOutcome, Int)
        case closed(Int32, Int)
    }

    private var events: [(time: Duration, order: Int, event: Event)] = []
    private var order = 0

    /// Starts one machine; machine `n` is silo `n + 1` when they are started one after the other.
    ///
    /// - Parameters:
    ///   - mode: The mode.
    ///   - name: The silo's name; by default one of its own.
    /// - Returns: The machine's index.
    @discardableResult func start(_ mode: ClusterMode = .fast, name: String? = nil) -> Int {
        let index = machines.count
        let name = name ?? "silo-\(index)"
        let candidate = ClusterCandidate(
            incarnation: "i\(index)", name: name, address: "a\(index)", weight: 1, types: ["Cart"],
            leaseMilliseconds: 3_000)
        machines.append(MembershipMachine(candidate: candidate, settings: MembershipSettings(mode: mode)))
        names.append(name)
        perform(machines[index].start(now: now), index)
        push(.tick(index), after: .milliseconds(10))
        return index
    }

    /// A cluster of active members, nothing going on.
    static func cluster(_ count: Int, _ mode: ClusterMode = .fast) -> MembershipHarness {
        let harness = MembershipHarness()
        for _ in 0..<count {
            let index = harness.start(mode)
            harness.run(until: { harness.machines[index].phase == .active }, atMost: .seconds(3))
        }
        harness.run(for: .seconds(3))
        harness.forget()
        return harness
    }

    /// Forgets what was recorded.
    func forget() {
        statements = []
        deaths = []
        messages = []
        dials = []
        installs = []
    }

    func silo(_ index: Int) -> Int32 { machines[index].silo ?? 0 }

    func index(_ silo: Int32) -> Int? { machines.firstIndex { $0.silo == silo } }

    var activeSilos: [Int32] { database.view.active.map(\.silo).sorted() }

    func status(_ index: Int) -> ClusterMemberStatus? { database.member(silo(index))?.status }

    /// The process ends without a word; its system closes its connections.
    func kill(_ index: Int) {
        stopped.insert(index)
        for other in machines.indices where other != index && isOpen(index, other) {
            push(.closed(silo(index), other), after: .milliseconds(1))
        }
    }

    /// A connection between two closes although both are well.
    func close(_ a: Int, _ b: Int) {
        push(.closed(silo(a), b), after: .zero)
        push(.closed(silo(b), a), after: .zero)
    }

    func act(_ index: Int, _ body: (inout MembershipMachine, Duration) -> [MembershipAction]) {
        perform(body(&machines[index], now), index)
    }

    func run(for length: Duration) {
        let end = now + length
        run(until: { false }, atMost: length)
        now = end
    }

    /// - Returns: How long it took; `nil` when it did not come to pass.
    @discardableResult func run(until isDone: () -> Bool, atMost limit: Duration) -> Duration? {
        let begin = now
        while !isDone() {
            guard let next = events.first, next.time <= begin + limit else { return nil }
            events.removeFirst()
            now = next.time
            handle(next.event)
        }
        return now - begin
    }

    private func push(_ event: Event, after delay: Duration) {
        order += 1
        let time = now + delay
        var low = 0
        var high = events.count
        while low < high {
            let middle = (low + high) / 2
            if events[middle].time <= time { low = middle + 1 } else { high = middle }
        }
        events.insert((time, order, event), at: low)
    }

    private func handle(_ event: Event) {
        switch event {
        case .tick(let index):
            if stopped.contains(index) { return }
            push(.tick(index), after: .milliseconds(10))
            if !frozen.contains(index) { perform(machines[index].tick(now: now, isWaiting: false), index) }
        case .message(let message, let from, let to):
            if stopped.contains(to) { return }
            if frozen.contains(to) { return push(event, after: .milliseconds(10)) }
            perform(machines[to].receive(message, from: silo(from), now: now), to)
        case .execute(let request, let tag, let index):
            let answer = execute(request, index)
            push(.answer(answer, tag, index), after: .milliseconds(1))
        case .answer(let answer, let tag, let index):
            if stopped.contains(index) { return }
            if frozen.contains(index) { return push(event, after: .milliseconds(10)) }
            perform(machines[index].answered(tag, answer, now: now), index)
        case .dialed(let silo, let outcome, let index):
            if stopped.contains(index) { return }
            perform(machines[index].dialed(silo, outcome, now: now), index)
        case .closed(let silo, let index):
            if stopped.contains(index) { return }
            perform(machines[index].connectionClosed(to: silo, goodbye: false, now: now), index)
        }
    }

    private func execute(_ request: StoreRequest, _ index: Int) -> StoreAnswer {
        if let answer = answer(index, request) { return answer }
        guard reachesStore(index) else { return .failed(lockTimeout: false) }
        switch request {
        case .readView(let known): return .view(database.view, tokenOfKnown: database.log[known])
        case .join(let view, let supersedes):
            let candidate = machines[index].candidate
            guard let join = try? database.join(candidate, view: view, supersedes: supersedes) else {
                return .failed(lockTimeout: false)
            }
            return .joined(join)
        case .advance(let silo, let status, let view):
            do { return .changed(try database.advance(silo, to: status, view: view)) } catch {
                return .failed(lockTimeout: false)
            }
        case .renew(let silo): return .renewed(database.renew(silo, released: 0))
        case .declareDead(let silos, let view, let reason):
            let number = database.declareDead(silos, view: view, proven: false)
            if number != nil { deaths.append(Change(time: now, silo: index, reason: reason, silos: silos.sorted())) }
            return .changed(number)
        case .proveEnd(let silo): return .changed(database.proveEnd(silo))
        case .breakFence: return .fenceBroken
        }
    }

    private func perform(_ actions: [MembershipAction], _ index: Int) {
        for action in actions {
            switch action {
            case .store(let request, let tag):
                statements.append(Statement(time: now, silo: index, request: request))
                push(.execute(request, tag, index), after: .milliseconds(1))
            case .send(let message, let silo):
                guard let target = self.index(silo) else { continue }
                messages.append((now, message, index, target))
                if isOpen(index, target) {
                    push(.message(message, from: index, to: target), after: latency(index, target))
                }
            case .dial(let silo):
                guard let target = self.index(silo) else { continue }
                dials.append((now, index, target))
                let newer = machines.indices.contains {
                    $0 > target && names[$0] == names[target] && !stopped.contains($0)
                }
                let isThrough = isOpen(index, target) && isOpen(target, index) && !frozen.contains(target)
                let natural: DialOutcome =
                    !isThrough
                    ? .failed : stopped.contains(target) ? (newer ? .newerIncarnation : .refused) : .connected
                push(
                    .dialed(silo, dialOutcome(index, target) ?? natural, index),
                    after: isThrough ? .milliseconds(1) : .milliseconds(500))
            case .install(let view): installs.append((now, view.number, index))
            case .bury(let silo): buried.append((now, silo, index))
            case .entered(let phase):
                if phase == .left { stopped.insert(index) } else if phase.isOver { kill(index) }
            case .read, .joined: break
            }
        }
    }
}
