internal import GranaryCluster
public import GranaryCore
public import Logging
public import ServiceLifecycle
internal import Synchronization
public import Tracing

/// A process's part of a cluster: it hosts activations of the grain types that it lists.
///
/// ```swift
/// let silo = Silo(configuration: .init(cluster: "shop"), backend: .postgres("postgresql:///shop")) {
///     ShoppingCart.self
///     Checkout.hosted { context in Checkout(context: context, payments: payments) }
/// }
/// try await silo.run()
/// ```
///
/// A silo is a `Service`: put it into a `ServiceGroup`, and SIGTERM drains it. Calls that come before it serves wait.
public final class Silo: Service {
    /// The settings.
    public let configuration: SiloConfiguration
    package let runtime: SiloRuntime
    @usableFromInline let slots: HostSlots
    private let backend: any SiloBackend
    private let endpoint: SiloEndpoint?
    private let grains: [HostedGrain]
    let life = Mutex(Life())

    struct Life {
        var connection: (any BackendConnection)?
        var membership: SiloMembership?
        var cluster: ClusterDriver?
        var background: [Task<Void, Never>] = []
        var report: DrainReport?
        /// Whether ``Silo/start()`` is under way.
        var isStarting = false
        /// Whether the silo was told to stop.
        var isStopping = false
        /// Who waits for ``Silo/start()`` to end.
        var startWatchers: [Rendezvous<Void>] = []
    }

    /// Makes a silo; nothing runs before ``run()`` or ``start()``.
    ///
    /// - Parameters:
    ///   - configuration: The settings.
    ///   - backend: Where states and the list of silos are kept; in memory unless said otherwise.
    ///   - endpoint: How other silos of the cluster reach this one; without it the silo is alone.
    ///   - logger: Where to log.
    ///   - time: Where time comes from.
    ///   - random: Where random numbers come from.
    ///   - tracer: Who gets spans of calls, activations, loads and saves; nobody unless said otherwise. With a tracer every
    ///     call takes the longer way.
    ///   - filters: What stands around every call, the outermost first.
    ///   - grains: The grain types that it hosts.
    public init(
        configuration: SiloConfiguration = SiloConfiguration(), backend: any SiloBackend = .memory,
        endpoint: SiloEndpoint? = nil, logger: Logger = Logger(label: "granary"),
        time: any TimeSource = SystemTimeSource(),
        random: any RandomSource = SystemRandomSource(), tracer: (any Tracer)? = nil,
        filters: [any GrainCallFilter] = [], @HostedGrainsBuilder grains: () -> [HostedGrain]
    ) {
        self.configuration = configuration
        self.backend = backend
        self.endpoint = endpoint
        self.grains = grains()
        var logger = logger
        logger[metadataKey: "silo"] = "\(configuration.name)"
        runtime = SiloRuntime(
            configuration: configuration, time: time, random: random, logger: logger, tracer: tracer,
            filters: filters, isClustered: endpoint != nil)
        slots = runtime._slots
        for grain in self.grains { _ = grain.makeHost(runtime) }
    }

    /// A reference to a grain; nothing is activated by making it.
    ///
    /// - Parameters:
    ///   - type: The grain type.
    ///   - key: The key.
    /// - Returns: The reference.
    @inlinable
    public func grain<G: Grain>(_ type: G.Type, _ key: G.Key) -> G.Reference {
        G.Reference(_handle: GrainHandle(address: slots.find(type) ?? address(of: type), key: key))
    }

    @usableFromInline
    func address<G: Grain>(of type: G.Type) -> HostAddress<G> { runtime._host(type).address }

    /// A reference to a grain whose type this program knows by its interface only.
    ///
    /// - Parameters:
    ///   - type: The reference type that `@GrainInterface` generated.
    ///   - key: The key.
    /// - Returns: The reference.
    public func grain<R: GrainInterfaceReference>(_ type: R.Type, _ key: R.Key) -> R {
        R(_handle: GrainInterfaceHandle(runtime: runtime, id: GrainID(type: R.grainType, key: key.keyText)))
    }

    /// Ends a grain's activation, if there is one, and waits until it is gone.
    ///
    /// - Parameter grain: The grain.
    public func deactivate(_ grain: some GrainReference) async {
        let id = grain.id
        await runtime.hosts.host(named: id.type)?.end(key: id.key, .requested)
    }

    /// The name of the silo that owns a grain: where its next call goes.
    ///
    /// - Parameter grain: The grain.
    /// - Returns: The name; `nil` when no silo of the cluster hosts the type, or the silo has not joined.
    public func owner(of grain: some GrainReference) -> String? {
        let id = grain.id
        guard runtime.isClustered else { return configuration.name }
        return runtime.cluster?.owner(type: id.type, key: id.key)
    }

    /// How many activations are in memory.
    public var activationCount: Int { runtime.hosts.all.reduce(0) { $0 + $1.activationCount } }

    /// Whether the silo serves: joined, not draining, not declared dead.
    public var isReady: Bool { runtime.currentPhase == .active }

    /// What became of the activations when the silo stopped; `nil` before.
    public var drainReport: DrainReport? { life.withLock(\.report) }
}

extension Silo {
    /// Runs the silo until it is told to stop, then drains it.
    ///
    /// It is told by a graceful shutdown, by the cancellation of its task, or by an operator's `granary silo drain`; told while
    /// it still starts, it does not join. After the
    /// last one it returns although nobody stopped its `ServiceGroup`: give it `.gracefullyShutdownGroup` as its
    /// `successTerminationBehavior` there, and the other services end as well.
    ///
    /// - Throws: `StorageError` or `GrainError` when it cannot start; `GrainError` with code `.fenced` when it was
    ///   declared dead, after which the process should exit with an error.
    public func run() async throws {
        let stop = Rendezvous<Void>()
        try await withTaskCancellationOrGracefulShutdownHandler {
            // No child of this task, whose cancellation is what it runs on: `interruptStart()` ends it in order. Awaited here.
            do { try await Task { try await self.start() }.value } catch {
                if life.withLock(\.isStopping) { return }
                throw error
            }
            runtime.onFenced { stop.finish(()) }
            // An operator may ask a silo to leave: granary silo drain.
            runtime.onLeaving { stop.finish(()) }
            await stop.value()
        } onCancelOrGracefulShutdown: {
            self.interruptStart()
            stop.finish(())
        }
        // No child of this task, whose cancellation is what it runs on: a cancelled run() drains all the same. Awaited here.
        try await Task { try await self.shutDown() }.value
    }

    /// Connects, joins the cluster and begins to serve; for programs that do not use ``run()``.
    ///
    /// - Throws: `StorageError` or `GrainError` that says what to do.
    public func start() async throws {
        guard runtime.move(to: .starting) else {
            throw GrainError(.siloUnavailable, "A silo can be started once; make another one.")
        }
        life.withLock { $0.isStarting = true }
        defer { startEnded() }
        do {
            try configuration.validate()
            try checkNames()
            try await join()
        } catch {
            runtime.failStart(error)
            throw error
        }
    }

    /// Connects, becomes a member and begins to serve.
    private func join() async throws {
        let logger = runtime._logger
        let connection = try await backend.connect(
            BackendContext(logger: logger, time: runtime.time, random: runtime.random))
        if life.withLock(\.isStopping) {
            await connection.close()
            throw Self.stoppedEarly
        }
        if let endpoint { return try await join(through: endpoint, connection) }
        do {
            _ = try await runtime.settle(connection.membership)
            let membership = SiloMembership(
                store: connection.membership, configuration: configuration, types: grains.map(\.name),
                time: runtime.time, random: runtime.random, logger: logger, news: runtime.news)
            let silo = try await membership.join()
            runtime.keepStates(in: connection.stateStore(writingAs: silo))
            runtime.startClock()
            life.withLock { life in
                life.connection = connection
                life.membership = membership
                // Awaited by `shutDown()`, which cancels it, as the others are.
                let renewal = Task { [runtime] in
                    await membership.renew(fenced: { runtime.fenced($0) }, leaving: { runtime.leaving() })
                }
                life.background = housekeeping() + [renewal]
            }
            if !connection.isDurable {
                logger.notice("states are kept in memory: this silo forgets everything when it stops")
            }
            runtime.move(to: .active)
            logger.info("the silo serves", metadata: ["member": "\(silo)", "types": "\(grains.map(\.name))"])
        } catch {
            await connection.close()
            throw error
        }
    }

    /// Becomes one of many: listens, joins, and serves once every active silo is connected.
    private func join(through endpoint: SiloEndpoint, _ connection: any BackendConnection) async throws {
        let context = BackendContext(logger: runtime._logger, time: runtime.time, random: runtime.random)
        var opened: (any SiloTransport)?
        do {
            let settings = try await runtime.settle(connection.membership)
            let transport = try endpoint.makeTransport(context)
            opened = transport
            let incarnation = runtime.random.nextETag().description
            let handler = ClusterHandler()
            let address = try await transport.start(
                TransportIdentity(
                    cluster: configuration.cluster, own: PeerIdentity(silo: 0, incarnation: incarnation)),
                handler: handler)
            let candidate = MemberCandidate(
                incarnation: incarnation, name: configuration.name, address: address, weight: 1,
                types: grains.map(\.name).sorted(),
                leaseMilliseconds: Int32(clamping: Int64(configuration.lease.ticks) * Duration.tickMilliseconds),
                versions: Dictionary(grains.compactMap { grain in grain.version.map { (grain.name, $0) } }) { $1 })
            let driver = ClusterDriver(
                store: connection.membership, transport: transport, candidate: candidate, settings: settings,
                runtime: runtime)
            runtime.cluster = driver
            runtime.onJoined { [runtime] silo in
                runtime.keepStates(in: connection.stateStore(writingAs: silo))
            }
            runtime.startClock()
            handler.serve(driver)
            life.withLock { life in
                life.connection = connection
                life.cluster = driver
                life.background = housekeeping()
            }
            try driver.start()
            if life.withLock(\.isStopping) { driver.leave() }
            // Who is told to stop may leave at once, and ends only after its start.
            await driver.reaches { $0 == .active || $0 == .leaving || $0.isOver }
            if driver.phase == .left { throw Self.stoppedEarly }
            if case .fenced(let reason) = driver.phase {
                throw GrainError(.fenced, "The silo could not join: \(reason).")
            }
            await driver.installsNewest(
                deadline: runtime.clock.now &+ configuration.callTimeout.ticks, runtime: runtime)
            runtime.move(to: .active)
            runtime._logger.info(
                "the silo serves", metadata: ["address": "\(address)", "types": "\(grains.map(\.name))"])
        } catch {
            let (background, driver) = life.withLock { life in
                defer {
                    life.connection = nil
                    life.cluster = nil
                    life.background = []
                }
                return (life.background, life.cluster)
            }
            for task in background { task.cancel() }
            await driver?.tellsItsEnd(within: Self.lastWords)
            await opened?.stop(within: .milliseconds(100))
            driver?.close()
            await connection.close()
            await driver?.finished()
            throw error
        }
    }

    /// How long a dead silo tries to tell the others that it serves no more.
    private static let lastWords: Duration = .milliseconds(500)

    /// Starts what goes on beside the calls for as long as the silo serves; awaited by `shutDown()`, which cancels it.
    private func housekeeping() -> [Task<Void, Never>] {
        [
            Task { [runtime] in await runtime.tick() },
            Task { [runtime] in await runtime.collectIdle() },
            Task { [runtime] in await runtime.evictExcess() },
            Task { [runtime] in await runtime.shedMemory() },
        ]
    }

    /// Drains and leaves: running turns end, what is not saved is saved, activations end, the cluster is told.
    ///
    /// A silo that still starts ends its start first, with an error unless it was too late for that.
    ///
    /// - Throws: `GrainError` with code `.fenced` when the silo had been declared dead.
    public func shutDown() async throws {
        interruptStart()
        await startIsOver()
        let fencing = runtime.fencing
        let cluster = life.withLock(\.cluster)
        // In a cluster calls go on, to the silos that take the grains over.
        if fencing == nil, cluster == nil { runtime.move(to: .draining) }
        let report = fencing == nil ? await drain() : DrainReport()
        // Also one that the drain cut short is dead, and says so.
        await cluster?.tellsItsEnd(within: Self.lastWords)
        let (connection, membership, background) = life.withLock { life in
            life.report = report
            defer {
                life.connection = nil
                life.membership = nil
                life.cluster = nil
                life.background = []
            }
            return (life.connection, life.membership, life.background)
        }
        if fencing == nil, let membership {
            do {
                try await membership.end(holdingNothing: activationCount == 0)
            } catch {
                runtime._logger.warning("leaving the cluster failed", metadata: ["error": "\(error)"])
            }
        }
        runtime.move(to: .stopped)
        runtime.news.close()
        await cluster?.transport.stop(within: .seconds(1))
        cluster?.close()
        for task in background { task.cancel() }
        runtime.capacity.stop()
        for task in background { await task.value }
        if report.abandoned == 0, fencing == nil { await tasksFinished() }
        runtime._states.close()
        runtime.openings.close()
        cluster?.quickLine.close()
        await connection?.close()
        await cluster?.finished()
        runtime._logger.info("the silo stopped", metadata: ["drain": "\(report)"])
        if let fencing {
            throw GrainError(.fenced, "The silo '\(configuration.name)' was declared dead: \(fencing).")
        }
    }

    private func checkNames() throws {
        var seen: Set<String> = []
        for grain in grains {
            guard seen.insert(grain.name).inserted else {
                throw GrainError(
                    .configuration,
                    "Two hosted grain types are called '\(grain.name)'; give one of them another name: @Grain(\"name\")."
                )
            }
            try grain.checkWorkers()
            try grain.checkVersion()
            guard (1...GrainID.longestText).contains(grain.name.utf8.count), !grain.name.utf8.contains(0) else {
                throw GrainError(
                    .configuration,
                    "The grain type name '\(grain.name)' must have 1 to \(GrainID.longestText) bytes and no NUL.")
            }
        }
    }
}
