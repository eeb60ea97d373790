import ArgumentParser
import Granary
import GranaryPostgres
import Synchronization

/// Silos in processes of their own, and one in this process that hosts nothing: it is the one that calls.
final class DisturbedCluster: Sendable {
    private let peers: PeerProcesses
    private let database: String
    private let silos: Int
    private let grains: Int
    private let gate: Silo
    private let state = Mutex<(members: [PeerProcess], started: Int)>(([], 0))
    let calls: DisturbedCalls

    init(_ peers: PeerProcesses, database: String, _ command: DisturbanceCommand) {
        self.peers = peers
        self.database = database
        silos = command.silos
        grains = command.grains
        gate = Silo(
            configuration: SiloConfiguration(name: "gate"), backend: .postgres(database), endpoint: .tcp(),
            logger: .silent
        ) {}
        calls = DisturbedCalls(silo: gate, stateless: command.stateless)
    }

    /// Starts the silos, and calls every grain once.
    func start() async throws {
        try await gate.start()
        let members = (0..<silos).map { _ in add() }
        for member in members { try await member.ready() }
        // Written, so that there is a row to load wherever a grain comes to life again.
        try await wake(writes: true)
    }

    /// Ends the silo that calls; the others are killed by those who started them.
    func stop() async throws { try await gate.shutDown() }

    /// The silos that are there, the one that has been there for longest first.
    var members: [PeerProcess] { state.withLock(\.members) }

    /// Makes the process of a further silo; see `PeerProcess.ready()`.
    @discardableResult
    func add() -> PeerProcess {
        state.withLock { state in
            state.started += 1
            let peer = peers.start("silo-\(state.started)", ["--postgres", database, "--counts"])
            state.members.append(peer)
            return peer
        }
    }

    /// The silo that has been there for longest, which is no member from now on.
    func removeFirst() -> PeerProcess { state.withLock { $0.members.removeFirst() } }

    /// Calls every grain once, so that all are active, and waits until the silos have counted them.
    func wake(writes: Bool = false) async throws {
        let (calls, grains) = (calls, grains)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<64 {
                group.addTask {
                    for key in stride(from: caller, to: grains, by: 64) { try await calls.call(key, writes: writes) }
                }
            }
            try await group.waitForAll()
        }
        try await wait(for: "all grains are active") {
            self.members.reduce(0) { $0 + $1.activations } >= grains
        }
    }

    /// The grains that a silo has, as the one that calls sees it.
    func keys(of name: String) -> [Int] {
        let calls = calls
        return (0..<grains).filter { calls.owner(of: $0) == name }
    }

    /// How many grains each silo has, as the one that calls sees it.
    func shares() -> [String: Int] {
        (0..<grains).reduce(into: [:]) { shares, key in
            if let owner = calls.owner(of: key) { shares[owner, default: 0] += 1 }
        }
    }

    /// Waits until a newcomer owns its share and the others have let go of it.
    ///
    /// - Returns: When the last grain had gone, and how many there were.
    func handedOver(to newcomer: PeerProcess, since moment: Int64) async throws -> (at: Int64, grains: Int) {
        let before = members.filter { $0.name != newcomer.name }
        try await wait(for: "the newcomer '\(newcomer.name)' owns its share") {
            (0..<1_000).contains { self.calls.owner(of: $0) == newcomer.name }
        }
        let shares = shares()
        var last = moment
        for member in before {
            try await wait(for: "the grains of '\(newcomer.name)' have left '\(member.name)'") {
                guard let at = member.reached(atMost: shares[member.name] ?? 0, after: moment) else { return false }
                last = max(last, at)
                return true
            }
        }
        return (last, shares[newcomer.name] ?? 0)
    }

    private func wait(for what: String, until condition: () -> Bool) async throws {
        let end = Uptime.now + 60_000_000_000
        while !condition() {
            guard Uptime.now < end else { throw ValidationError("It is not true after a minute that \(what).") }
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
