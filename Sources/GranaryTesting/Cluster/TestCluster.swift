public import GranaryCore
public import GranaryRuntime
internal import GranaryTransport
public import Logging
internal import Synchronization

/// A cluster of silos in one process, for tests: they share a backend, talk to each other, and die when told to.
///
/// ```swift
/// try await TestCluster(silos: 3) { ShoppingCart.self }.run { cluster in
///     let cart = cluster.grain(ShoppingCart.self, "alice")
///     try await cart.add("tea")
///     let owner = try #require(cluster.owner(of: cart))
///     try await cluster.kill(owner)
///     #expect(try await cart.lines() == ["tea"])
/// }
/// ```
///
/// Everything is as in production but the sockets: calls between silos are encoded and kept in order, grains move, deaths are
/// noticed and recorded, and the backend refuses what a dead silo still writes. Nothing here sleeps: what a test waits for is
/// an event.
public final class TestCluster: Sendable {
    /// Whether and how silos are made.
    struct Settings: Sendable {
        var backend: any SiloBackend
        var network: TestNetwork
        var logger: Logger
        var configure: @Sendable (inout SiloConfiguration) -> Void
        var grains: @Sendable (String) -> [HostedGrain]
    }

    /// One silo that was started.
    struct Entry: Sendable {
        var silo: Silo
        var gate: SiloGate
        var isFrozen = false
    }

    /// Two silos that cannot reach each other.
    struct Cut: Hashable, Sendable {
        var one: String
        var other: String
    }

    struct State: Sendable {
        /// The silos that run, in the order in which they joined.
        var running: [Entry] = []
        /// The silos that were killed, and what buries them once their death is recorded.
        var killed: [(entry: Entry, burial: Task<Void, Never>)] = []
        var cuts: Set<Cut> = []
        /// How many silos were named by the cluster.
        var named = 0
        /// The silo that stopped last, or one that never runs: what references go through when there is no other.
        var last: Silo
    }

    let settings: Settings
    let network = InProcessNetwork()
    let views = ViewLog()
    let state: Mutex<State>

    /// Starts a cluster.
    ///
    /// - Parameters:
    ///   - silos: How many silos, at least one; they are called `silo-1`, `silo-2` and so on.
    ///   - backend: Where states and the list of silos are kept: by default in memory, one store for all silos. Any other
    ///     will do, a database or a ``FaultyBackend`` included.
    ///   - network: What joins the silos.
    ///   - logger: Where the silos log; nowhere unless said otherwise.
    ///   - configure: Changes the settings of each silo before it starts.
    ///   - grains: The grain types that each silo hosts.
    /// - Throws: `StorageError` or `GrainError` when a silo cannot start.
    public convenience init(
        silos: Int = 3, backend: (any SiloBackend)? = nil, network: TestNetwork = .inProcess, logger: Logger? = nil,
        configure: @escaping @Sendable (inout SiloConfiguration) -> Void = { _ in },
        @HostedGrainsBuilder grains: @escaping @Sendable () -> [HostedGrain]
    ) async throws {
        try await self.init(
            silos: silos, backend: backend, network: network, logger: logger, configure: configure,
            grains: { _ in grains() })
    }

    /// Starts a cluster whose silos may host different grains.
    ///
    /// - Parameters:
    ///   - silos: How many silos; they are called `silo-1`, `silo-2` and so on. With none the test starts each with
    ///     ``join(named:faults:configure:)``.
    ///   - backend: Where states and the list of silos are kept: by default in memory, one store for all silos.
    ///   - network: What joins the silos.
    ///   - logger: Where the silos log; nowhere unless said otherwise.
    ///   - configure: Changes the settings of each silo before it starts.
    ///   - grains: The grain types that a silo of this name hosts.
    /// - Throws: `StorageError` or `GrainError` when a silo cannot start.
    public init(
        silos: Int = 3, backend: (any SiloBackend)? = nil, network: TestNetwork = .inProcess, logger: Logger? = nil,
        configure: @escaping @Sendable (inout SiloConfiguration) -> Void = { _ in },
        @HostedGrainsBuilder grains: @escaping @Sendable (_ silo: String) -> [HostedGrain]
    ) async throws {
        let logger = logger ?? Logger(label: "granary") { _ in SwiftLogNoOpLogHandler() }
        settings = Settings(
            backend: backend ?? .memory, network: network, logger: logger, configure: configure, grains: grains)
        state = Mutex(State(last: Silo(logger: logger) { [HostedGrain]() }))
        do {
            for _ in 0..<max(silos, 0) { try await join() }
        } catch {
            await shutDown()
            throw error
        }
    }

    /// Runs a test on the cluster, and shuts it down afterwards, whatever happens.
    ///
    /// - Parameter body: The test.
    /// - Returns: What it returns.
    /// - Throws: What it throws.
    public func run<R>(_ body: (TestCluster) async throws -> R) async throws -> R {
        let result: Result<R, any Error>
        do { result = .success(try await body(self)) } catch { result = .failure(error) }
        await shutDown()
        return try result.get()
    }
}
