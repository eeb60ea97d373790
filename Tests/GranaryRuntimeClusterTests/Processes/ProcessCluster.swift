import Granary
import GranaryPostgres
import GranaryTestGrains
import GranaryTestSupport
import Synchronization

@testable import GranaryRuntime

/// Silos in processes of their own, and one in the test's, through which it calls.
final class ProcessCluster: Sendable {
    private struct State {
        var silos: [SiloProcess] = []
        var proxies: [SiloProxy] = []
        var gate: Silo?
    }

    let database: TestDatabase
    /// Who hears whom, where the silos talk through proxies.
    let rules: NetworkRules?
    private let failover: FailoverMode
    private let state = Mutex(State())

    private init(_ database: TestDatabase, failover: FailoverMode, rules: NetworkRules?) {
        self.database = database
        self.failover = failover
        self.rules = rules
    }

    /// Runs a test on a cluster of its own, and ends what is left of it.
    ///
    /// - Parameters:
    ///   - failover: The cluster's mode.
    ///   - rules: Who hears whom; with them all silos talk to each other, and to the database, through proxies.
    ///   - server: The database's server; the one that the tests share unless it is to be stopped.
    static func with(
        failover: FailoverMode = .fast, rules: NetworkRules? = nil, server: PostgresServer? = nil,
        _ body: (ProcessCluster) async throws -> Void
    ) async throws {
        var host = server
        if host == nil { host = try await PostgresServer.shared() }
        if rules != nil, host?.socket == nil { host = try await PostgresServer.make() }
        guard let host else { return }
        let cluster = ProcessCluster(try await host.makeDatabase(), failover: failover, rules: rules)
        let result: Result<Void, any Error>
        do {
            try await cluster.openGate("gate")
            try await body(cluster)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        rules?.heal()
        let end = cluster.state.withLock(\.self)
        if case .failure = result {
            for silo in end.silos { print("== \(silo.name): \(silo.output.suffix(2_000))") }
        }
        for silo in end.silos { silo.kill() }
        try? await end.gate?.shutDown()
        for silo in end.silos { await silo.remove() }
        for proxy in end.proxies { proxy.close() }
        try result.get()
    }

    /// The silo of the test's process: it hosts nothing.
    var gate: Silo {
        state.withLock(\.gate) ?? Silo {}
    }

    /// Starts a silo in the test's process, through which the test calls from then on.
    func openGate(_ name: String) async throws {
        var configuration = SiloConfiguration(cluster: "test", name: name)
        configuration.failover = failover
        var transport = TransportConfiguration()
        let proxy = try proxy(for: name)
        if let proxy { transport = TransportConfiguration(listen: proxy.listen, advertise: proxy.advertise) }
        let gate = Silo(
            configuration: configuration, backend: .postgres(proxy?.conninfo ?? database.conninfo),
            endpoint: .tcp(transport), logger: .quiet
        ) {}
        try await gate.start()
        state.withLock { $0.gate = gate }
        try await learnNumber(of: name)
    }

    /// Stops the silo of the test's process.
    func closeGate() async throws { try await gate.shutDown() }

    /// Starts a silo and waits until it serves.
    @discardableResult
    func start(_ name: String, _ options: String...) async throws -> SiloProcess { try await start(name, options) }

    /// Starts a silo and waits until it serves.
    @discardableResult
    func start(_ name: String, _ options: [String]) async throws -> SiloProcess {
        let proxy = try proxy(for: name)
        let silo = try await SiloProcess.start(
            name,
            [
                "--granary-postgres-url", proxy?.conninfo ?? database.conninfo,
                "--granary-listen", proxy?.listen ?? "127.0.0.1:0", "--granary-failover", failover.description,
            ] + (proxy.map { ["--granary-advertise", $0.advertise] } ?? []) + options)
        state.withLock { $0.silos.append(silo) }
        try await learnNumber(of: name)
        return silo
    }

    /// Starts silos at the same time.
    func startAll(_ names: [String], _ options: [String] = []) async throws -> [SiloProcess] {
        try await withThrowingTaskGroup(of: SiloProcess.self) { group in
            for name in names { group.addTask { try await self.start(name, options) } }
            let silos = try await group.reduce(into: []) { $0.append($1) }
            return silos.sorted { $0.name < $1.name }
        }
    }

    private func proxy(for name: String) throws -> SiloProxy? {
        guard let rules else { return nil }
        let proxy = try SiloProxy(for: name, rules: rules, database: database)
        state.withLock { $0.proxies.append(proxy) }
        return proxy
    }

    private func learnNumber(of name: String) async throws {
        guard let rules else { return }
        let number = try await database.psql("select max(silo) from granary.member where name = '\(name)'")
        rules.name(Int32(number) ?? 0, name)
    }

    /// All processes that were started.
    var silos: [SiloProcess] { state.withLock(\.silos) }

    /// The names of the members that have died.
    func dead() async throws -> [String] {
        try await database.psql("select name from granary.member where status = 'dead' order by silo")
            .split(separator: "\n").map(String.init)
    }

    /// The number of the newest view.
    func view() async throws -> String { try await database.psql("select view from granary.cluster") }

    func tally(_ key: String) -> Tally.Reference { gate.grain(Tally.self, key) }

    func journal(_ key: Int) -> Journal.Reference { gate.grain(Journal.self, "\(key)") }

    /// The journals that a silo owns, as the test's silo sees it.
    func journals(of name: String, among keys: Int) -> [Int] {
        let gate = gate
        return (0..<keys).filter { gate.owner(of: gate.grain(Journal.self, "\($0)")) == name }
    }

    /// Calls each journal once, many at a time.
    func wake(_ keys: some Collection<Int>) async throws {
        let gate = gate
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, key) in keys.enumerated() {
                if index >= 256 { try await group.next() }
                group.addTask { _ = try await gate.grain(Journal.self, "\(key)").process() }
            }
            try await group.waitForAll()
        }
    }

    /// Waits until a silo has made so many further calls.
    func reaches(_ silo: SiloProcess, calls: Int) async throws {
        let goal = silo.callCount + calls
        await eventually { silo.callCount >= goal || !silo.isRunning }
        guard silo.isRunning else {
            throw Command.Failure(description: "\(silo.name) ended: \(silo.output.suffix(1_000))")
        }
    }

    /// Calls journals, so many at a time, and again until each has answered.
    func reach(_ keys: [Int], atOnce: Int = .max) async -> [Reading] {
        let gate = gate
        return await withTaskGroup(of: Reading.self) { group in
            var readings: [Reading] = []
            for (index, key) in keys.enumerated() {
                if index >= atOnce, let reading = await group.next() { readings.append(reading) }
                group.addTask {
                    let began = CallLog.now
                    var errors: [String] = []
                    while true {
                        do {
                            let numbers = try await gate.grain(Journal.self, "\(key)").numbers()
                            return Reading(key: key, numbers: numbers, began: began, ended: CallLog.now, errors: errors)
                        } catch {
                            errors.append("\(error)")
                        }
                    }
                }
            }
            return await group.reduce(into: readings) { $0.append($1) }
        }
    }

    /// What a journal answered.
    struct Reading: Sendable {
        var key: Int
        var numbers: [Int64]
        /// When it was called first, by the machine's clock.
        var began: Int64
        /// When it answered.
        var ended: Int64
        /// What had failed before.
        var errors: [String]

        var length: Duration { .nanoseconds(ended - began) }
    }
}
