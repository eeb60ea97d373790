internal import GranaryCluster

/// Whole clusters under one seed: silos with clocks of their own, a network that delays and breaks, a database that may be
/// away, grains with state, and callers; the invariants of the protocol are checked at every step.
///
/// Time is counted in microseconds. Nothing depends on the machine the simulation runs on.
package final class ClusterSimulation {
    let options: SimulationOptions
    var random: SeededGenerator
    var events = EventHeap()
    package internal(set) var now: Int64 = 0
    var database = SimulatedDatabase()
    var processes: [SimulatedProcess] = []
    var slots: [Int]
    var siloProcess: [Int32: Int] = [:]
    var calls: [SimulatedCall] = []
    let grains: [ClusterGrain]
    let grainIndex: [ClusterGrain: Int]
    let hashKey: HashKey
    /// The faults going on.
    var partitions: [(slots: Set<Int>, oneWay: Bool)] = []
    var isDatabaseDown = false
    var isDatabaseSlow = false
    var cutFromDatabase: Set<Int> = []
    /// Slots whose silos are sent views later than everything else.
    var lateNews: Set<Int> = []
    /// Whether members come and go all the time.
    var isRestless = false
    /// The share of calls that write.
    package var writeShare = 0.5
    /// Whether processes make calls by themselves.
    package var makesCalls = true
    /// Slots whose data links are full: frames of sessions take seconds, those of control connections do not.
    var saturated: Set<Int> = []
    /// How far the database's wall clock is from the simulation's.
    var wallOffset: Int64 = 0
    var isHealed = false
    /// Whether a process that ended is started again.
    var restarts = true
    /// From when on turns of the first grain are slow.
    var slowFrom = Int64.max
    /// Since when nothing is wrong and nobody is frozen.
    var lastTrouble: Int64 = 0
    /// When the next frame on a link may arrive at the earliest, and what waits for the link to heal.
    var linkFree: [LinkKey: Int64] = [:]
    var linkWaiting: [LinkKey: [SimulatedFrame]] = [:]
    var linkEpoch: [LinkKey: Int] = [:]
    var activationNumber = 0
    var etagNumber: UInt64 = 0
    /// Who holds each grain.
    var holders: [Set<Int>]
    /// The newest view in which each grain was let go of.
    var lettingGo: [Int64]
    var acknowledged: [[UInt32]]
    /// Write-behind calls that ran, and those whose loss was reported or went with a process.
    var ranBehind: [[UInt32]]
    var lostBehind: Set<UInt32> = []
    /// Calls whose callers heard that nothing was stored.
    var reportedFailed: Set<UInt32> = []
    var lastStarted: [SimulatedProcess.RouteKey: Int] = [:]
    var views: [Int64: ClusterView] = [:]
    var deaths: [Int32: Int64] = [:]
    /// What went wrong first.
    package internal(set) var violation: String?
    package internal(set) var trace: [String] = []
    package internal(set) var statistics = SimulationStatistics()

    /// The write-behind window of the states, and how long a turn may keep its grain from going, in microseconds.
    static let flushWindow: Int64 = 900_000
    static let handoverLimit: Int64 = 700_000

    struct LinkKey: Hashable {
        var from: Int
        var to: Int
    }

    /// Prepares a simulation.
    ///
    /// - Parameter options: What it is to be like.
    package init(_ options: SimulationOptions) {
        self.options = options
        random = SeededGenerator(seed: options.seed)
        let key = HashKey(low: options.seed, high: 11)
        hashKey = key
        grains = (0..<options.grains).map { number in
            let type = number % 6 == 5 ? "Order" : "Cart"
            return ClusterGrain(
                type: type, key: "g\(number)", hash: GrainHasher(type: type, key: key).hash("g\(number)"))
        }
        grainIndex = Dictionary(uniqueKeysWithValues: grains.enumerated().map { ($1, $0) })
        slots = Array(repeating: -1, count: options.silos)
        holders = Array(repeating: [], count: options.grains)
        lettingGo = Array(repeating: 0, count: options.grains)
        acknowledged = Array(repeating: [], count: options.grains)
        ranBehind = acknowledged
        database.flaws = options.flaws
    }

    /// Runs until the end, or until something goes wrong.
    ///
    /// - Returns: What went wrong, if anything did.
    package func run() -> String? {
        for slot in slots.indices {
            let late = slot >= 3 && random.chance(0.7)
            events.push(.start(slot: slot), at: late ? random.time(3_000_000...8_000_000) : random.time(0...300_000))
        }
        let end = options.faultySeconds * 1_000_000
        isRestless = random.chance(0.25)
        var time: Int64 = 3_000_000
        while time < end {
            events.push(.fault, at: time)
            time += random.time(300_000...3_500_000)
        }
        events.push(.heal, at: end)
        // When all is calm, one silo leaves while a grain is slow: only that grain may wait.
        events.push(.leaveSlowly, at: end + 10_000_000)
        run(until: end + 25_000_000)
        if violation == nil { checkEnd(slots.indices) }
        return violation
    }

    func run(until limit: Int64) {
        while violation == nil, let entry = events.pop(notAfter: limit) {
            now = entry.time
            handle(entry.event)
            statistics.events += 1
        }
        now = max(now, limit)
    }

    func note(_ text: @autoclosure () -> String) {
        if options.isTraced { trace.append("\(now / 1_000).\(now % 1_000 / 100) \(text())") }
    }

    func fail(_ text: String) {
        if violation == nil {
            violation = text
            note("VIOLATION \(text)")
        }
    }

    func has(_ flaw: SimulatedFlaw) -> Bool { !options.flaws.isEmpty && options.flaws.contains(flaw) }

    func isFrozen(_ process: SimulatedProcess) -> Bool { process.frozenUntil != nil }

    func handle(_ event: SimulationEvent) {
        if let number = event.process {
            let process = processes[number]
            guard process.isAlive else { return }
            if isFrozen(process) {
                if case .tick = event {
                    if process.hasTick { return }
                    process.hasTick = true
                }
                process.stalled.append(event)
                return
            }
        }
        switch event {
        case .start(let slot): start(slot)
        case .tick(let process): tick(processes[process])
        case .surveyed(let process, let view): survey(processes[process], view)
        case .control(let message, let from, let to): receiveControl(message, from: processes[from], at: processes[to])
        case .session(let frame, let from, let to, let epoch):
            if linkEpoch[LinkKey(from: from, to: to), default: 0] == epoch {
                receive(frame, from: processes[from], at: processes[to])
            }
        case .closed(let gone, let to):
            if let silo = processes[gone].silo {
                let process = processes[to]
                perform(
                    process.membership.connectionClosed(to: silo, goodbye: false, now: process.clock(now)), process)
            }
        case .dial(let process, let silo): dial(processes[process], silo)
        case .dialed(let process, let silo, let outcome):
            let process = processes[process]
            perform(process.membership.dialed(silo, outcome, now: process.clock(now)), process)
        case .storeArrives(let process, let request, let released, let tag):
            execute(request, released: released, tag: tag, for: processes[process])
        case .storeAnswers(let process, let tag, let answer):
            let process = processes[process]
            perform(process.membership.answered(tag, answer, now: process.clock(now)), process)
            settle(process)
        case .loadArrives(let process, let grain, let activation): load(processes[process], grain, activation)
        case .loadAnswers(let process, let grain, let activation, let row):
            loaded(processes[process], grain, activation, row)
        case .loadRetry(let process, let grain, let activation): requestLoad(processes[process], grain, activation)
        case .batchLeaves(let process): sendBatch(processes[process])
        case .saveArrives(let process, let rows): execute(rows, for: processes[process])
        case .saveAnswers(let process, let grain, let activation, let etag, let outcome):
            saved(processes[process], grain, activation, etag, outcome)
        case .saveRetry(let process, let grain, let activation, let etag):
            retrySave(processes[process], grain, activation, etag)
        case .saveBehind(let process, let grain, let activation):
            saveBehind(processes[process], grain, activation)
        case .handoverLimit(let process, let grain, let activation): seal(processes[process], grain, activation)
        case .turnEnds(let process, let grain, let activation, let call):
            turnEnded(processes[process], grain, activation, call)
        case .issue(let process): issue(processes[process])
        case .flush(let process, let grain):
            processes[process].routes[grain]?.isScheduled = false
            flush(processes[process], grain)
        case .deadline(let call): expire(call)
        case .wake(let process): wake(processes[process])
        case .kill(let process): kill(processes[process])
        case .exit(let process): exit(processes[process], restart: true)
        case .hint(let process, let view):
            let process = processes[process]
            perform(process.membership.hinted(at: view, now: process.clock(now)), process)
        case .fault: startFault()
        case .undo(let fault): undo(fault)
        case .heal: heal()
        case .leaveSlowly: leaveSlowly()
        }
    }
}
