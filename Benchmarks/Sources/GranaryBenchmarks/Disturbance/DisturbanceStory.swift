import ArgumentParser
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What happens to the cluster, in order, and when it happened.
final class DisturbanceStory: Sendable {
    private let cluster: DisturbedCluster
    private let load: DisturbanceLoad
    private let command: DisturbanceCommand
    private let state = Mutex(DisturbanceFindings())

    init(_ cluster: DisturbedCluster, _ load: DisturbanceLoad, _ command: DisturbanceCommand) {
        self.cluster = cluster
        self.load = load
        self.command = command
    }

    /// What was seen so far.
    var findings: DisturbanceFindings { state.withLock(\.self) }

    func run() async throws {
        // The load itself begins.
        try await Task.sleep(for: .seconds(1))
        try await watch(.none) { Uptime.now..<Uptime.now }
        for _ in 0..<command.rounds {
            try await watch(.join) { try await join() }
            try await settle()
            try await watch(.drain) { try await drain() }
            try await settle()
        }
        for _ in 0..<command.kills {
            try await watch(.kill) { try await kill() }
            let newcomer = cluster.add()
            _ = try await cluster.handedOver(to: newcomer, since: newcomer.ready())
            try await settle()
        }
    }

    /// Looks at what is due from an event on, for some seconds and until it is over.
    private func watch(_ event: Disturbance, _ body: () async throws -> Range<Int64>) async throws {
        let time = try await body()
        let end = max(time.lowerBound + Int64(command.seconds * 1e9), time.upperBound)
        let rest = end - Uptime.now
        if rest > 0 { try await Task.sleep(for: .nanoseconds(rest)) }
        state.withLock { $0.times[event, default: []].append(time.lowerBound..<end) }
    }

    /// All grains are active again, and nothing happens for a while.
    private func settle() async throws {
        try await cluster.wake()
        try await Task.sleep(for: .milliseconds(500))
    }

    private func join() async throws -> Range<Int64> {
        let began = Uptime.now
        let newcomer = cluster.add()
        let served = try await newcomer.ready()
        let (over, grains) = try await cluster.handedOver(to: newcomer, since: served)
        state.withLock { state in
            state.starts.append(Uptime.milliseconds(served - began))
            state.handovers.append(Double(over - served) / 1e9)
            state.moved.append(Double(grains))
        }
        return began..<over
    }

    private func drain() async throws -> Range<Int64> {
        let began = Uptime.now
        let leaver = cluster.removeFirst()
        leaver.signal(SIGTERM)
        let gone = try await leaver.gone()
        state.withLock { $0.drains.append(Double(gone - began) / 1e9) }
        return began..<gone
    }

    private func kill() async throws -> Range<Int64> {
        let victim = cluster.removeFirst()
        let keys = cluster.keys(of: victim.name).shuffled().prefix(command.probes)
        guard !keys.isEmpty else { throw ValidationError("The silo that is to be killed has no grains.") }
        let calls = cluster.calls
        let killed = Uptime.now
        victim.signal(SIGKILL)
        let times = try await withThrowingTaskGroup(of: Double.self) { group in
            for key in keys {
                group.addTask {
                    _ = try await DisturbanceLoad.call(key, false, calls) { _ in }
                    return Double(Uptime.now - killed)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        state.withLock { $0.firstAnswers.append(times) }
        return killed..<killed + Int64(times.max() ?? 0)
    }
}
