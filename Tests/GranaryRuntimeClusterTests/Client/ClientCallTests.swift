import Granary
import GranaryCluster
import GranaryTesting
import Synchronization
import Testing

@testable import GranaryRuntime

/// Calls from outside the cluster.
@Suite(.timeLimit(.minutes(2)), .serialized) struct ClientCallTests {
    @Test(arguments: ClusterKind.allCases)
    func `C38 a client calls the grains of all silos and hosts none`(kind: ClusterKind) async throws {
        try await LedgerCluster.with(kind) { cluster in
            let silos = try await cluster.startAll("a", "b", "c")
            try await cluster.withClient { client in
                var places: Set<String> = []
                for number in 0..<60 {
                    let place = try await client.ledger("key \(number)").place()
                    #expect(place == silos[0].owner(of: silos[0].ledger("key \(number)")))
                    places.insert(place)
                }
                #expect(places == ["a", "b", "c"])
                #expect(client.runtime.hosts.all.isEmpty)
                #expect(silos[0].runtime.cluster?.state.withLock { $0.members.count } == 3)
                await eventually { client.gateways.count == 2 }
            }
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `a client calls a grain by its interface without linking it`(kind: ClusterKind) async throws {
        try await LedgerCluster.with(kind) { cluster in
            try await cluster.startAll("a", "b")
            try await cluster.withClient { client in
                for number in 0..<10 {
                    let ledger = client.grain(LedgerAPIReference.self, "key \(number)")
                    let count = try await ledger.add(7)
                    let entries = try await ledger.all()
                    #expect(count == 1 && entries == [7])
                }
            }
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `named errors, cancellation and time limits reach a client as they reach a silo`(
        kind: ClusterKind
    ) async throws {
        try await LedgerCluster.with(kind) { cluster in
            try await cluster.startAll("a", "b")
            try await cluster.withClient { client in
                let key = try await client.key(on: "b")
                await #expect(throws: Refused(entry: -3)) { try await client.ledger(key).add(-3) }
                let late = await grainError {
                    try await client.ledger(key).within(.milliseconds(200)).waitPatiently(for: "never")
                }
                #expect(late?.code == .timeout)
                await cluster.book.events.wait(for: "\(key) was cancelled on b")
                let call = Task { try await client.ledger(key).waitPatiently(for: "never") }
                await cluster.book.events.wait(for: "\(key) waits on b", times: 2)
                call.cancel()
                await cluster.book.events.wait(for: "\(key) was cancelled on b", times: 2)
                await #expect(throws: CancellationError.self) { try await call.value }
            }
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `one-way calls of a client arrive, in their order`(kind: ClusterKind) async throws {
        try await LedgerCluster.with(kind) { cluster in
            try await cluster.startAll("a", "b")
            try await cluster.withClient { client in
                let key = try await client.key(on: "b")
                for number in 0..<50 { try await client.ledger(key).tell(number) }
                await eventually { (try? await client.ledger(key).allHeard().count) == 50 }
                #expect(try await client.ledger(key).allHeard() == Array(0..<50))
                // A client that stops lets what was handed over arrive.
                for number in 50..<100 { try await client.ledger(key).tell(number) }
                await client.shutDown()
                await eventually { (try? await cluster.makeSiloLedger(key).allHeard().count) == 100 }
            }
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `references that a client gets in results call through it`(kind: ClusterKind) async throws {
        try await LedgerCluster.with(kind) { cluster in
            try await cluster.startAll("a", "b")
            try await cluster.withClient { client in
                let (here, there) = (try await client.key(on: "a"), try await client.key(on: "b"))
                #expect(try await client.ledger(here).other(there).place() == "b")
                #expect(try await client.ledger(there).other(here).place() == "a")
            }
        }
    }

    @Test func `a client's calls to grains that keep nothing spread over the silos that host them`() async throws {
        try await LedgerCluster.with { cluster in
            try await cluster.startAll("a", "b")
            try await cluster.withClient { client in
                var places: Set<String> = []
                for _ in 0..<60 { places.insert(try await client.grain(Helper.self, "same").place()) }
                #expect(places == ["a", "b"])
            }
        }
    }

    @Test func `a client's call in flight to a silo that dies says that its outcome is unknown`() async throws {
        try await LedgerCluster.with { cluster in
            try await cluster.startAll("a", "b", "c")
            try await cluster.withClient { client in
                let key = try await client.key(on: "b")
                let call = Task { try await client.ledger(key).wait(for: "never") }
                await cluster.book.events.wait(for: "\(key) waits on b")
                let again = try await client.key(on: "b", "again")
                let idempotent = Task { try await client.ledger(again).waitAgain(for: "later") }
                await cluster.book.events.wait(for: "\(again) waits on b")
                let began = ContinuousClock.now
                cluster.network.kill("b")
                cluster.book.forget("b")
                #expect(await grainError { try await call.value }?.code == .outcomeUnknown)
                #expect(ContinuousClock.now - began < .seconds(3))
                // What may run twice is sent to the next owner.
                cluster.book.latch("later").open()
                #expect(try await idempotent.value != "b")
                for number in 0..<30 { _ = try await client.ledger("key \(number)").add(1) }
            }
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `I8 a client's calls to a grain start in their order while the grain moves`(kind: ClusterKind) async throws {
        try await LedgerCluster.with(kind) { cluster in
            try await cluster.startAll("a", "b")
            try await cluster.withClient { client in
                let end = Flag()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<8 {
                        group.addTask { try await Self.feed(client.ledger("order \(number)"), until: end) }
                    }
                    for round in 0..<2 {
                        try await cluster.start("c\(round)")
                        try await Task.sleep(for: .milliseconds(200))
                        try await cluster.stop("c\(round)")
                    }
                    end.set()
                    try await group.waitForAll()
                }
                #expect(cluster.book.doubles.isEmpty)
            }
        }
    }

    /// Hands over additions to one ledger, ten at a time and each before the next, and checks their order.
    private static func feed(_ ledger: Ledger.Reference, until end: Flag) async throws {
        var waiting: [Task<Int, any Error>] = []
        var number = 0
        while !end.isSet {
            let entry = number
            number += 1
            // Runs up to its first wait before the next line: the call is handed over then.
            waiting.append(Task.immediate { try await ledger.add(entry) })
            if waiting.count == 10 { _ = try await waiting.removeFirst().value }
        }
        for task in waiting { _ = try await task.value }
        #expect(try await ledger.all() == Array(0..<number))
    }

    @Test(arguments: ClusterKind.allCases)
    func `G16 silos are replaced one by one under a client's calls: none fails`(kind: ClusterKind) async throws {
        try await LedgerCluster.with(kind) { cluster in
            try await cluster.startAll("a0", "b0")
            try await cluster.withClient { client in
                let load = Load(keys: 20) { key, number in try await client.ledger(key).add(number) }
                try await load.run {
                    await load.made(200)
                    for name in ["a", "b"] {
                        try await cluster.start("\(name)1")
                        await load.made(200)
                        try await cluster.stop("\(name)0")
                        await load.made(200)
                    }
                }
                #expect(load.failures.isEmpty, "\(load.failures.prefix(5))")
                #expect(cluster.book.doubles.isEmpty)
                #expect(Set(client.gateways) == ["a1", "b1"])
            }
        }
    }

    @Test func `a client that has stopped says so, and one that is not connected lets calls wait`() async throws {
        try await LedgerCluster.with { cluster in
            try await cluster.start("a")
            let client = cluster.makeClient()
            let early = Task { try await client.ledger("early").place() }
            await eventually { client.runtime.waitingForStart == 1 }
            try await client.connect()
            #expect(try await early.value == "a")
            await client.shutDown()
            let error = await grainError { try await client.ledger("late").place() }
            #expect(error?.code == .siloUnavailable)
            #expect(error?.message.contains("The client 'client'") == true)
            await #expect(throws: GrainError.self) { try await client.connect() }
        }
    }

    @Test func `a client waits for the answers to its calls when it stops`() async throws {
        try await LedgerCluster.with { cluster in
            try await cluster.startAll("a", "b")
            let client = cluster.makeClient()
            try await client.connect()
            let call = Task { try await client.ledger("slow").wait(for: "gate") }
            await cluster.book.events.wait { $0.contains { $0.hasPrefix("slow waits") } }
            let stop = Task { await client.shutDown() }
            await eventually { client.runtime.currentPhase == .draining }
            cluster.book.latch("gate").open()
            _ = try await call.value
            await stop.value
        }
    }

    @Test func `C47 a client whose view is old is sent on at once`() async throws {
        try await LedgerCluster.with { cluster in
            try await cluster.start("a")
            try await cluster.withClient { client in
                for number in 0..<60 { _ = try await client.ledger("key \(number)").add(1) }
                let old = client.driver.state.withLock { ($0.rings, $0.members) }
                let second = try await cluster.join("b")
                let joined = try #require(second.runtime.cluster?.installed)
                #expect(joined > old.0?.snapshot.view ?? 0)
                await eventually { client.driver.installed >= joined }
                var moved = 0
                for number in 0..<60 {
                    // As if no news had come since.
                    client.driver.state.withLock { ($0.rings, $0.members) = old }
                    let began = ContinuousClock.now
                    #expect(try await client.ledger("key \(number)").add(2) == 2)
                    #expect(ContinuousClock.now - began < .seconds(1))
                    // Who was sent on has seen the newer view, too.
                    if client.driver.installed >= joined { moved += 1 }
                }
                #expect(moved > 0)
            }
        }
    }

    @Test
    func `J11 a grain is never placed on a silo that does not host its type, and a client is told of unknown types`()
        async throws
    {
        try await SocketCluster.with { cluster in
            try await cluster.start("a")
            try await cluster.start("bare", hostsLedgers: false)
            try await cluster.start("c")
            try await cluster.makeClient(knowing: "bare").whileConnected { client in
                var places: Set<String> = []
                for number in 0..<60 { places.insert(try await client.ledger("key \(number)").place()) }
                #expect(places == ["a", "c"])
                // Also after one of them is gone.
                try await cluster.stop("c")
                for number in 0..<60 { #expect(try await client.ledger("key \(number)").place() == "a") }
                let error = await grainError { try await client.grain(NowhereReference.self, "x").ask() }
                #expect(error?.code == .unknownGrainType)
                try await cluster.stop("a")
                await eventually {
                    client.driver.state.withLock { $0.members.values.count(where: \.status.isLive) } == 1
                }
                #expect(await grainError { try await client.ledger("key 1").place() }?.code == .unknownGrainType)
            }
        }
    }
}

/// A grain that no silo hosts.
@GrainInterface("nowhere")
private protocol Nowhere {
    func ask() async throws -> Int
}

extension LedgerCluster {
    /// A ledger as some silo sees it.
    fileprivate func makeSiloLedger(_ key: String) throws -> Ledger.Reference { try anySilo().ledger(key) }
}
