import Granary
import GranaryTesting
import Testing

@testable import GranaryRuntime

/// Silos that come and go.
@Suite(.timeLimit(.minutes(2)), .serialized) struct MembershipTests {
    /// Calls every grain through every silo; each answers with the number of its activation.
    private func activations(_ keys: Range<Int>, through silos: [Silo]) async throws -> [Int] {
        try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for key in keys {
                for silo in silos { group.addTask { (key, try await silo.ledger("\(key)").ping()) } }
            }
            var numbers = [Int](repeating: 0, count: keys.count)
            for try await (key, number) in group { numbers[key] = max(numbers[key], number) }
            return numbers
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `C2 any silo answers for any grain, and each grain lives in one place`(kind: ClusterKind) async throws {
        try await LedgerCluster.with(kind) { cluster in
            let silos = try await cluster.startAll("a", "b", "c")
            let numbers = try await activations(0..<60, through: silos)
            #expect(numbers.allSatisfy { $0 == 1 })
            #expect(silos.map(\.activationCount).reduce(0, +) == 60)
            for silo in silos { #expect(silo.activationCount > 0) }
            #expect(cluster.book.doubles.isEmpty)
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `C44 many who call a new grain at once through all silos make one activation`(kind: ClusterKind) async throws {
        try await LedgerCluster.with(kind) { cluster in
            let silos = try await cluster.startAll("a", "b", "c")
            for round in 0..<20 {
                let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<10 {
                        for silo in silos { group.addTask { try await silo.ledger("round \(round)").ping() } }
                    }
                    return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
                }
                #expect(numbers == [1])
            }
            #expect(cluster.book.doubles.isEmpty)
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `C50 a silo that joins takes over its share, with a deactivation for each grain that moves`(
        kind: ClusterKind
    ) async throws {
        try await LedgerCluster.with(kind) { cluster in
            let first = try await cluster.join("a")
            let before = try await activations(0..<60, through: [first])
            #expect(before.allSatisfy { $0 == 1 })
            let second = try await cluster.join("b")
            let numbers = try await activations(0..<60, through: [first, second])
            #expect(numbers.contains(1) && numbers.contains(2) && numbers.allSatisfy { $0 <= 2 })
            await eventually { first.activationCount + second.activationCount == 60 }
            #expect(cluster.book.events.all.filter { $0.hasSuffix("leaves a: moved") }.count == second.activationCount)
            #expect(cluster.book.doubles.isEmpty)
        }
    }

    @Test func `C40 silos that start at the same moment become one cluster`() async throws {
        try await LedgerCluster.with(.postgres) { cluster in
            let silos = try await withThrowingTaskGroup(of: Silo.self) { group in
                for name in ["a", "b", "c", "d"] { group.addTask { try await cluster.join(name) } }
                return try await group.reduce(into: [Silo]()) { $0.append($1) }
            }
            let numbers = try await activations(0..<40, through: silos)
            #expect(numbers.allSatisfy { $0 >= 1 })
            #expect(silos.map(\.activationCount).reduce(0, +) == 40)
            #expect(cluster.book.doubles.isEmpty)
        }
    }

    @Test func `a silo of another cluster is refused with a message that says so`() async throws {
        try await LedgerCluster.with(.memory) { cluster in
            try await cluster.join("a")
            let error = await grainError { try await cluster.join("b") { $0.cluster = "other" } }
            #expect(error?.code == .configuration)
            #expect(error?.message.contains("'test'") == true)
        }
    }
}
