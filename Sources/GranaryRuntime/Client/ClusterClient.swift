public import GranaryCore
public import Logging
public import ServiceLifecycle
internal import Synchronization
public import Tracing

/// Calls the grains of a cluster from a process outside of it, with the same references as its silos use.
///
/// ```swift
/// let client = ClusterClient(
///     configuration: .init(cluster: "shop"), gateways: .addresses(["10.0.0.1:7400", "10.0.0.2:7400"]), endpoint: .tcp())
/// try await client.connect()
/// let contents = try await client.grain(ShoppingCart.self, "alice").add("sku-1", quantity: 2)
/// ```
///
/// A client is no member of the cluster: it owns no grain, and nothing waits for it when it goes. It sends each call straight
/// to the silo that owns the grain, over one connection to each silo that it calls, and follows grains that move.
///
/// A client is a `Service`: put it into a `ServiceGroup` before the services that use it. Calls that come before it is
/// connected wait.
public final class ClusterClient: Service {
    /// The settings.
    public let configuration: ClientConfiguration
    package let runtime: SiloRuntime
    @usableFromInline let slots: HostSlots
    let driver: ClientDriver
    private let gatewaySources: ClientGateways
    private let endpoint: ClientEndpoint
    private let life = Mutex(Life())

    private struct Life {
        var transport: (any SiloTransport)?
        var background: [Task<Void, Never>] = []
    }

    /// Makes a client; nothing is connected before ``run()`` or ``connect()``.
    ///
    /// - Parameters:
    ///   - configuration: The settings.
    ///   - gateways: Where it learns which silos there are.
    ///   - endpoint: How it reaches them.
    ///   - logger: Where to log.
    ///   - time: Where time comes from.
    ///   - random: Where random numbers come from.
    ///   - tracer: Who gets spans of calls; nobody unless said otherwise.
    ///   - filters: What stands around every call, the outermost first.
    public init(
        configuration: ClientConfiguration = ClientConfiguration(), gateways: ClientGateways,
        endpoint: ClientEndpoint, logger: Logger = Logger(label: "granary"),
        time: any TimeSource = SystemTimeSource(), random: any RandomSource = SystemRandomSource(),
        tracer: (any Tracer)? = nil, filters: [any GrainCallFilter] = []
    ) {
        self.configuration = configuration
        gatewaySources = gateways
        self.endpoint = endpoint
        var logger = logger
        logger[metadataKey: "client"] = "\(configuration.name)"
        driver = ClientDriver(
            configuration: configuration, sources: gateways, time: time, random: random, logger: logger)
        runtime = SiloRuntime(
            configuration: configuration.inside, time: time, random: random, logger: logger, tracer: tracer,
            filters: filters, isClustered: true, client: driver)
        slots = runtime._slots
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

    /// Whether at least one silo tells the client of the cluster.
    public var isConnected: Bool { driver.isConnected }

    /// The names of the silos that tell the client of the cluster.
    public var gateways: [String] { driver.gatewayNames }

    /// What happens to the connection from here on.
    ///
    /// - Returns: The events, in their order; they end when the client stops.
    public func connectionEvents() -> some AsyncSequence<ClientConnectionEvent, Never> & Sendable {
        driver.events.listen()
    }
}

extension ClusterClient {
    /// Connects, and stays connected until the client is told to stop: by a graceful shutdown, or by the cancellation of its
    /// task.
    ///
    /// - Throws: What ``connect()`` throws.
    public func run() async throws {
        try await connect()
        let stop = Rendezvous<Void>()
        await withTaskCancellationOrGracefulShutdownHandler {
            await stop.value()
        } onCancelOrGracefulShutdown: {
            stop.finish(())
        }
        // No child of this task, whose cancellation is what it runs on. Awaited here.
        await Task { await self.shutDown() }.value
    }

    /// Connects with the cluster; for programs that do not use ``run()``.
    ///
    /// It tries again and again until ``ClientConfiguration/connectTimeout``, or until its task is cancelled. A client is
    /// connected once: after an error, make another one.
    ///
    /// - Throws: `GrainError` with code `.siloUnavailable` when no silo was reached in time, with code `.configuration` when
    ///   silos refuse the client for good; `StorageError` or `TransportError` that says what to do.
    public func connect() async throws {
        guard runtime.move(to: .starting) else {
            throw GrainError(.siloUnavailable, "A client can be connected once; make another one.")
        }
        do {
            try configuration.validate()
            try gatewaySources.validate()
            try await open()
            runtime.move(to: .active)
        } catch {
            runtime.failStart(error)
            await close(within: .zero)
            throw error
        }
    }

    private func open() async throws {
        let transport = try endpoint.makeTransport(
            BackendContext(logger: runtime._logger, time: runtime.time, random: runtime.random))
        life.withLock { $0.transport = transport }
        let own = PeerIdentity(silo: 0, incarnation: runtime.random.nextETag().description)
        _ = try await transport.start(
            TransportIdentity(cluster: configuration.cluster, own: own), handler: ClientHandler(driver))
        let connected = Rendezvous<Result<Void, any Error>>()
        driver.state.withLock { state in
            state.transport = transport
            state.whenConnected = connected
        }
        runtime.startClock()
        let alarm = configuration.connectTimeout.map { limit in
            // Awaited below.
            Task { [driver, time = runtime.time] in
                do { try await time.sleep(for: limit) } catch { return }
                let trouble = driver.state.withLock(\.trouble)
                connected.finish(
                    .failure(
                        GrainError(.siloUnavailable, "No silo could be reached within \(limit): \(trouble).")))
            }
        }
        // Awaited by `close()`, which cancels them.
        life.withLock {
            $0.background = [Task { [runtime] in await runtime.tick() }, Task { [driver] in await driver.keep() }]
        }
        let result = await withTaskCancellationHandler {
            await connected.value()
        } onCancel: {
            connected.finish(.failure(CancellationError()))
        }
        alarm?.cancel()
        await alarm?.value
        try result.get()
        runtime._logger.info("connected with the cluster", metadata: ["gateways": "\(gateways)"])
    }

    /// Waits for the answers to the calls that are under way, as long as ``ClientConfiguration/drainTimeout``, and closes
    /// the connections; new calls fail.
    public func shutDown() async {
        let time = runtime.time
        let end = time.now + configuration.drainTimeout
        // One-way calls that were handed over are still on their way to a session.
        while runtime._states.tasks.count > 0, time.now < end { await Self.rest(time) }
        runtime.move(to: .draining)
        while !driver.calls.isEmpty, time.now < end { await Self.rest(time) }
        runtime.move(to: .stopped)
        await close(within: .seconds(1))
    }

    /// Sleeps a little, also in a task that was cancelled.
    private static func rest(_ time: any TimeSource) async {
        do { try await time.sleep(for: .milliseconds(5)) } catch { await Task.yield() }
    }

    private func close(within limit: Duration) async {
        let (transport, background) = life.withLock { life in
            defer { life = Life() }
            return (life.transport, life.background)
        }
        // The one that looks after the gateways would open further connections.
        background.last?.cancel()
        await transport?.stop(within: limit)
        driver.close()
        for task in background { task.cancel() }
        for task in background { await task.value }
        runtime._states.close()
    }
}
