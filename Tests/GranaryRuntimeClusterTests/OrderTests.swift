import Granary
import GranaryTesting
import Testing

@testable import GranaryRuntime

/// Calls that one silo hands over one after the other start in that order (rule C5), wherever the grain goes meanwhile.
@Suite(.timeLimit(.minutes(3)), .serialized) struct OrderTests {
    /// Hands over additions to one ledger, many at a time and each before the next, until it is told to stop.
    private static func feed(_ ledger: Ledger.Reference, atOnce: Int, until end: Flag) async throws -> Int {
        var waiting: [Task<Int, any Error>] = []
        var number = 0
        while !end.isSet {
            let entry = number
            number += 1
            // Runs up to its first wait before the next line: the call is handed over then.
            waiting.append(Task.immediate { try await ledger.add(entry) })
            if waiting.count == atOnce { _ = try await waiting.removeFirst().value }
        }
        for task in waiting { _ = try await task.value }
        return number
    }

    private func run(_ cluster: LedgerCluster, keys: [String], through silo: Silo, _ body: () async throws -> Void)
        async throws
    {
        let end = Flag()
        try await withThrowingTaskGroup(of: (String, Int).self) { group in
            for key in keys {
                let ledger = silo.ledger(key)
                group.addTask { (key, try await Self.feed(ledger, atOnce: 10, until: end)) }
            }
            let result: Result<Void, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            end.set()
            for try await (key, count) in group {
                let entries = try await silo.ledger(key).all()
                #expect(entries.count == count)
                let overtaken = zip(entries, entries.dropFirst()).filter { $0 > $1 }.map { "\($0) before \($1)" }
                #expect(overtaken.isEmpty, "\(key)")
            }
            try result.get()
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `I8 calls to a grain on another silo start in the order in which they were handed over`(
        kind: ClusterKind
    ) async throws {
        try await LedgerCluster.with(kind) { cluster in
            let silos = try await cluster.startAll("a", "b")
            let key = try await cluster.key(on: "b", through: silos[0])
            let load = ContinuousClock.now + .seconds(1)
            try await run(cluster, keys: [key], through: silos[0]) { try await Task.sleep(until: load) }
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `I8 the order holds while grains move between other silos`(kind: ClusterKind) async throws {
        try await LedgerCluster.with(kind) { cluster in
            // The silo that calls hosts none of the keys.
            let first = try await cluster.join("a")
            try await cluster.join("b")
            try await cluster.join("c")
            var keys: [String] = []
            for number in 0..<200 where keys.count < 12 {
                if try await first.ledger("order \(number)").place() != "a" { keys.append("order \(number)") }
            }
            try await run(cluster, keys: keys, through: first) {
                for round in 0..<3 {
                    try await cluster.join("d\(round)")
                    try await Task.sleep(for: .milliseconds(300))
                    try await cluster.stop("d\(round)")
                    try await Task.sleep(for: .milliseconds(200))
                }
            }
            #expect(cluster.book.doubles.isEmpty)
        }
    }

    @Test func `I8 the order holds when grains come to the silo that calls them`() async throws {
        try await LedgerCluster.with { cluster in
            let first = try await cluster.join("a")
            for round in 0..<3 {
                try await cluster.join("b\(round)")
                var keys: [String] = []
                for number in 0..<100 where keys.count < 8 {
                    let key = "order \(round) \(number)"
                    if try await first.ledger(key).place() != "a" { keys.append(key) }
                }
                try await run(cluster, keys: keys, through: first) {
                    try await Task.sleep(for: .milliseconds(200))
                    try await cluster.stop("b\(round)")
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
            #expect(cluster.book.doubles.isEmpty)
        }
    }
}
