package import GranaryCore
package import Logging
internal import NIOCore
internal import Synchronization
internal import Tracing

/// The inside of a silo: what references, gates and states reach.
package final class SiloRuntime: GrainRuntime {
    package let configuration: SiloConfiguration
    package let time: any TimeSource
    package let random: any RandomSource
    package let clock = CoarseClock()
    package let _waits = WaitRegistry()
    package let _states: StateServices
    package let _streams: StreamTable
    package let _observers: ObserverTable
    package let _logger: Logger
    package let _slots = HostSlots()
    package let _lease = ServingLease()
    package let hosts = HostTable()
    package let timers: TimerQueue
    let capacity: Capacity
    let drains = DrainTally()
    let flushes = FlushQueue()
    let posts = PostOrder()
    /// Whether grains may live in other silos.
    let isClustered: Bool
    /// How messages name this process.
    let title: String
    /// The way to the silos, in a client, which is a silo's calling side without grains of its own.
    let client: ClientDriver?
    private let clusterBox = Mutex<ClusterDriver?>(nil)
    private let onJoined = Mutex<(@Sendable (Int32) -> Void)?>(nil)
    let openings: OpeningLine
    /// The time of a call that has none of its own, in ticks.
    let callTicks: UInt32
    /// Reads what comes over the wire; references in it call through this silo.
    package let _decoder: CBORDecoder
    private let decoderBox = GrainRuntimeBox()
    /// Whether the phase is `.active`, to be asked without a lock.
    private let activity = Atomic<Bool>(false)
    let tracer: (any Tracer)?
    /// Who comes and goes in the cluster.
    let news = MembershipNews()
    /// The last look at what waits, and its tick.
    let lastSearch = Mutex<(search: DeadlockSearch, tick: UInt32)?>(nil)
    let filters: [any GrainCallFilter]
    let metrics: SiloMetrics
    private let memorySource = Mutex<any MemorySource>(ProcessMemory())
    /// The reading of the time source that is tick zero.
    private let origin: Mutex<Duration>
    /// How many calls are about to make an activation.
    let making = Atomic<Int>(0)
    /// The parts of the activations that the watchdog is visiting.
    let watched = Mutex<Set<Int>>([])
    private let phase = Mutex(PhaseState())

    private struct PhaseState {
        var phase = SiloPhase.idle
        var waiting: [Rendezvous<Void>] = []
        var fencing: String?
        /// Why the silo could not start.
        var startFailure: (any Error)?
        var onFenced: (@Sendable () -> Void)?
        /// Whether the cluster lists this silo as leaving.
        var isLeaving = false
        var onLeaving: (@Sendable () -> Void)?
    }

    init(
        configuration: SiloConfiguration, time: any TimeSource, random: any RandomSource, logger: Logger,
        tracer: (any Tracer)?, filters: [any GrainCallFilter], isClustered: Bool = false, client: ClientDriver? = nil
    ) {
        self.client = client
        title = "The \(client == nil ? "silo" : "client") '\(configuration.name)'"
        self.configuration = configuration
        self.isClustered = isClustered
        self.time = time
        self.random = random
        self.tracer = tracer
        self.filters = filters
        _logger = logger
        callTicks = max(configuration.callTimeout.ticks, 1)
        _decoder = CBORDecoder(userInfo: [.grainRuntime: decoderBox])
        origin = Mutex(time.now)
        let tasks = SiloTasks()
        openings = OpeningLine(tasks: tasks)
        _states = StateServices(
            random: random, clock: clock, tasks: tasks, waitTicks: configuration.callTimeout.ticks)
        _streams = StreamTable(services: _states, isolates: configuration.isolatesCalls)
        _observers = ObserverTable(services: _states, isolates: configuration.isolatesCalls)
        capacity = Capacity(limit: configuration.activationLimit, deadlines: _states.deadlines)
        metrics = SiloMetrics()
        timers = TimerQueue()
        decoderBox.set(self)
        startClock()
    }

    /// Makes this moment the first tick: until the silo starts nobody turns the clock, and calls wait without ageing.
    func startClock() {
        origin.withLock { $0 = time.now }
        readClock()
    }

    /// Reads the time source once for everybody who needs no better than the coarse clock.
    func readClock() {
        clock.set((time.now - origin.withLock(\.self)).ticks &+ 1)
    }

    /// The reading of the time source at which the clock shows a tick.
    func reading(ofTick tick: UInt32) -> Duration {
        origin.withLock(\.self) + .milliseconds(Int64(tick) * Duration.tickMilliseconds)
    }

    package func _host<G: Grain>(_ type: G.Type) -> GrainHost<G> {
        _slots.add(type) {
            GrainHost(
                runtime: self, clock: clock, options: resolve(type.options), isDirect: isDirect,
                isClustered: isClustered, observer: metrics.observer(for: G._descriptor.name), make: nil)
        }
    }

    func makeHost<G: Grain>(
        _ type: G.Type, options: GrainOptions, make: @escaping @Sendable (GrainContext<G>) throws -> G
    ) -> any GrainHosting {
        let host = _slots.add(type) {
            GrainHost<G>(
                runtime: self, clock: clock, options: resolve(options), isDirect: isDirect,
                isClustered: isClustered, observer: metrics.observer(for: G._descriptor.name), make: make)
        }
        hosts.add(host)
        return host
    }

    /// Where the silo learns how much memory the process has.
    package var memory: any MemorySource {
        get { memorySource.withLock(\.self) }
        set { memorySource.withLock { $0 = newValue } }
    }

    /// The silo's part in a cluster of many; `nil` in one that is alone, and before it starts.
    var cluster: ClusterDriver? {
        get { clusterBox.withLock { $0 } }
        set { clusterBox.withLock { $0 = newValue } }
    }

    /// Calls a handler once the silo has its number.
    func onJoined(_ handler: @escaping @Sendable (Int32) -> Void) { onJoined.withLock { $0 = handler } }

    func joined(_ silo: Int32) { onJoined.withLock { $0 }?(silo) }

    private var isDirect: Bool { tracer == nil && filters.isEmpty && !configuration.isolatesCalls }

    private func resolve(_ options: GrainOptions) -> ResolvedGrainOptions {
        ResolvedGrainOptions(
            idleTicks: (options.idleAge ?? configuration.idleAge).ticks,
            queueLimit: options.queueLimit ?? configuration.queueLimit,
            callTicks: configuration.callTimeout.ticks,
            workerLimit: options.statelessWorkers.map { max($0.limit ?? System.coreCount, 1) })
    }
}

// MARK: - The phase

extension SiloRuntime {
    package var currentPhase: SiloPhase { phase.withLock(\.phase) }

    /// Whether the silo serves, and does not drain.
    var isActive: Bool { activity.load(ordering: .sequentiallyConsistent) }

    /// Moves to a phase unless the silo has ended or was fenced; says whether it did.
    @discardableResult
    func move(to next: SiloPhase) -> Bool {
        let (moved, waiting) = phase.withLock { state in
            if state.phase == .fenced || state.phase == .stopped || state.phase.rawValue >= next.rawValue {
                return (false, [Rendezvous<Void>]())
            }
            state.phase = next
            activity.store(next == .active, ordering: .sequentiallyConsistent)
            guard next != .starting else { return (true, []) }
            defer { state.waiting = [] }
            return (true, state.waiting)
        }
        for rendezvous in waiting { rendezvous.finish(()) }
        return moved
    }

    /// The silo cannot start: calls that wait for it learn why.
    func failStart(_ error: any Error) {
        phase.withLock { $0.startFailure = error }
        move(to: .stopped)
        news.close()
    }

    /// The silo was declared dead: nothing it does counts any more.
    func fenced(_ reason: String) {
        let news: (waiting: [Rendezvous<Void>], handler: (@Sendable () -> Void)?)? = phase.withLock { state in
            if state.phase == .fenced || state.phase == .stopped { return nil }
            state.phase = .fenced
            activity.store(false, ordering: .sequentiallyConsistent)
            state.fencing = reason
            defer {
                state.waiting = []
                state.onFenced = nil
            }
            return (state.waiting, state.onFenced)
        }
        // Each activation that ends fenced comes here again, and once is enough.
        guard let news else { return }
        for rendezvous in news.waiting { rendezvous.finish(()) }
        // No turn begins any more: every activation ends, without saving.
        _states.tasks.start { [hosts] in
            for host in hosts.all { await host.endAll(.fenced, servingWaiting: false) }
        }
        news.handler?()
    }

    /// Why the silo was fenced, if it was.
    var fencing: String? { phase.withLock(\.fencing) }

    /// Calls a handler once the silo is fenced, at once if it is already.
    func onFenced(_ handler: @escaping @Sendable () -> Void) {
        let already = phase.withLock { state in
            if state.phase == .fenced { return true }
            state.onFenced = handler
            return false
        }
        if already { handler() }
    }

    /// The cluster lists this silo as leaving: by its own wish, or by an operator's.
    func leaving() {
        let handler = phase.withLock { state in
            state.isLeaving = true
            defer { state.onLeaving = nil }
            return state.onLeaving
        }
        handler?()
    }

    /// Calls a handler once the cluster lists this silo as leaving, at once if it does already.
    func onLeaving(_ handler: @escaping @Sendable () -> Void) {
        let already = phase.withLock { state in
            if !state.isLeaving { state.onLeaving = handler }
            return state.isLeaving
        }
        if already { handler() }
    }

    /// How many calls wait for the silo to serve.
    package var waitingForStart: Int { phase.withLock { state in state.waiting.count { !$0.isFinished } } }

    /// Lets a call that needs a new activation through, once the silo serves.
    ///
    /// The caller has counted itself in `making` before: whoever drains the silo ends its activity first and looks at the
    /// count then, so one of the two sees the other.
    func admit(isNested: Bool, deadline: UInt32) async throws {
        if isActive { return }
        while true {
            let waiter: Rendezvous<Void>? = try phase.withLock { state in
                switch state.phase {
                case .active: return nil
                case .draining where isNested: return nil
                case .idle, .starting:
                    let rendezvous = Rendezvous<Void>()
                    state.waiting.append(rendezvous)
                    return rendezvous
                case .draining, .stopped:
                    if let failure = state.startFailure {
                        throw GrainError(
                            .siloUnavailable,
                            "\(title) could not start, and neither did the call: \(failure)",
                            cause: failure)
                    }
                    throw GrainError(
                        .siloUnavailable, "\(title) is stopping; the call did not start.")
                case .fenced:
                    throw GrainError(
                        .fenced, "The silo '\(configuration.name)' was declared dead; the call did not start.")
                }
            }
            guard let waiter else { return }
            // The coarse clock does not go yet, so this wait has an alarm of its own.
            let patience = Duration.milliseconds(Int64(deadline &- clock.now) * Duration.tickMilliseconds)
            let alarm = _states.tasks.start { [time] in
                try? await time.sleep(for: patience)
                waiter.finish(())
            }
            await withTaskCancellationHandler {
                await waiter.value()
            } onCancel: {
                waiter.finish(())
            }
            alarm.cancel()
            try Task.checkCancellation()
            let phase = currentPhase
            guard phase != .idle, phase != .starting else {
                throw GrainError(
                    .timeout, "\(title) did not start in time; is run() called?")
            }
        }
    }
}
