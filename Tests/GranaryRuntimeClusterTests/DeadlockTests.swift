import Granary
import GranaryCluster
import GranaryCore
import GranaryTesting
import Testing

@testable import GranaryRuntime

/// Circles of calls that run through several silos.
@Suite(.timeLimit(.minutes(2)), .serialized) struct DeadlockTests {
    /// How a circle shows: as names and as the message has it.
    private func expectCircle(_ error: GrainError?, _ keys: [String]) {
        #expect(error?.code == .deadlock)
        #expect(error?.chain.map(\.key) == keys)
        #expect(error?.message.contains(keys.map { "walker/\($0)" }.joined(separator: " → ")) == true)
    }

    @Test(arguments: ClusterKind.allCases)
    func `C4, C14, C63: a circle through another silo fails at once and names the chain`(kind: ClusterKind) async throws
    {
        try await LedgerCluster.with(kind) { cluster in
            let silos = try await cluster.startAll("a", "b")
            let (here, there) = (silos[0].walkerKey(on: "a"), silos[0].walkerKey(on: "b"))
            for silo in silos {
                let began = ContinuousClock.now
                expectCircle(
                    await grainError { try await silo.walker(here).go([there, here]) }, [here, there, here])
                print("a circle over two silos was found after \(ContinuousClock.now - began)")
                #expect(ContinuousClock.now - began < .seconds(1))
                #expect(try await silo.walker(here).go([there]) == "end")
            }
        }
    }

    @Test func `C14: a circle of three silos fails at once, whoever calls`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b", "c")
            let keys = ["a", "b", "c"].map { silos[0].walkerKey(on: $0) }
            for silo in silos {
                let began = ContinuousClock.now
                expectCircle(
                    await grainError { try await silo.walker(keys[0]).go([keys[1], keys[2], keys[0]]) },
                    [keys[0], keys[1], keys[2], keys[0]])
                // The call that fails need not be the first one's.
                expectCircle(
                    await grainError { try await silo.walker(keys[0]).go([keys[1], keys[2], keys[1]]) },
                    [keys[1], keys[2], keys[1]])
                #expect(ContinuousClock.now - began < .seconds(1))
            }
        }
    }

    @Test func `C63: calls within a silo are part of the chain`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b")
            let first = silos[0].walkerKey(on: "a")
            let second = silos[0].walkerKey(on: "a", "second")
            let third = silos[0].walkerKey(on: "b")
            let fourth = silos[0].walkerKey(on: "b", "fourth")
            for silo in silos {
                expectCircle(
                    await grainError { try await silo.walker(first).go([second, third, fourth, first]) },
                    [first, second, third, fourth, first])
                expectCircle(
                    await grainError { try await silo.walker(first).go([third, second, fourth, first]) },
                    [first, third, second, fourth, first])
                expectCircle(
                    await grainError { try await silo.walker(first).go([third, second, fourth, third]) },
                    [third, second, fourth, third])
            }
        }
    }

    @Test func `C4, C63: a grain that calls itself is told so through another silo, too`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b")
            let key = silos[0].walkerKey(on: "a")
            for silo in silos {
                expectCircle(await grainError { try await silo.walker(key).go([key]) }, [key, key])
            }
        }
    }

    @Test func `a deadlock is an error like others: the caller may go on`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b")
            let (here, there) = (silos[0].walkerKey(on: "a"), silos[0].walkerKey(on: "b"))
            let answer = try await silos[0].walker(here).go([there, "!\(here)"])
            #expect(answer.contains("deadlock"))
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `C63: read-only turns come back to their own grain over another silo, past a waiting writer`(
        kind: ClusterKind
    ) async throws {
        try await LedgerCluster.with(kind) { cluster in
            let silos = try await cluster.startAll("a", "b")
            let (here, there) = (silos[0].walkerKey(on: "a"), silos[0].walkerKey(on: "b"))
            let read = Task { try await silos[1].walker(here).look(["?\(there)", "@reading", "?\(here)"]) }
            await cluster.book.events.wait(for: "\(there) waits for reading")
            let written = Task { try await silos[0].walker(here).go([]) }
            await eventually { silos[0].runtime._waits.current().count == 1 }
            cluster.book.latch("reading").open()
            #expect(try await read.value == "end")
            #expect(try await written.value == "end")
            // A turn that may write comes home to no reader.
            expectCircle(
                await grainError { try await silos[0].walker(here).look(["?\(there)", here]) }, [here, there, here])
        }
    }

    /// Chains that each hold a grain and then call the next one's.
    private func cross(_ keys: [String], through silos: [Silo], _ cluster: LedgerCluster, _ round: Int) async
        -> [Result<String, any Error>]
    {
        let gate = "round \(round)"
        let calls = keys.indices.map { index in
            let next = keys[(index + 1) % keys.count]
            return Task { try await silos[index % silos.count].walker(keys[index]).go(["@\(gate)", next]) }
        }
        for key in keys { await cluster.book.events.wait(for: "\(key) waits for \(gate)") }
        cluster.book.latch(gate).open()
        var results: [Result<String, any Error>] = []
        for call in calls { results.append(await call.result) }
        return results
    }

    @Test(arguments: ClusterKind.allCases, [2, 3])
    func `C4: of chains that cross over silos exactly one fails, and the others go on`(
        kind: ClusterKind, count: Int
    ) async throws {
        try await LedgerCluster.with(kind) { cluster in
            let silos = try await Array(cluster.startAll("a", "b", "c").prefix(count))
            let keys = ["a", "b", "c"].prefix(count).map { silos[0].walkerKey(on: $0) }
            var longest = Duration.zero
            for round in 0..<10 {
                let began = ContinuousClock.now
                let results = await cross(keys, through: silos, cluster, round)
                longest = max(longest, ContinuousClock.now - began)
                let errors = results.compactMap { result -> GrainError? in
                    if case .failure(let error) = result { error as? GrainError } else { nil }
                }
                // One call fails, and with it the turn that made it; the others have what they waited for.
                #expect(errors.map(\.code) == [.deadlock])
                #expect(results.count { (try? $0.get()) == "end" } == count - 1)
                #expect(errors.first.map { Set($0.chain.map(\.key)) } == Set(keys))
                #expect(errors.first?.chain.count == count + 1)
                #expect(errors.first?.chain.first == errors.first?.chain.last)
            }
            print("\(count) chains that crossed over \(kind): the longest of ten rounds took \(longest)")
            #expect(longest < .seconds(1.5))
        }
    }

    @Test func `C4: of chains that cross the youngest call fails`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b")
            let keys = ["a", "b"].map { silos[0].walkerKey(on: $0) }
            for (old, young) in [(0, 1), (1, 0)] {
                let names = ["old \(old)", "young \(old)"]
                let first = Task { try await silos[old].walker(keys[old]).go(["@\(names[0])", keys[young]]) }
                let second = Task { try await silos[young].walker(keys[young]).go(["@\(names[1])", keys[old]]) }
                await cluster.book.events.wait(for: "\(keys[old]) waits for \(names[0])")
                await cluster.book.events.wait(for: "\(keys[young]) waits for \(names[1])")
                cluster.book.latch(names[0]).open()
                let waits = silos[young].runtime._waits
                await eventually { waits.current().count == 1 }
                // It was looked at by then, and nothing was found.
                let clock = silos[young].runtime.clock
                await eventually { waits.current().allSatisfy { clock.now &- $0.began > 50 } }
                cluster.book.latch(names[1]).open()
                #expect(await grainError { try await second.value }?.code == .deadlock)
                #expect(try await first.value == "end")
            }
        }
    }

    @Test func `C4: a crossing behind one of two readers on another silo is found`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b")
            let (here, there) = (silos[0].walkerKey(on: "a"), silos[0].walkerKey(on: "b"))
            let idle = Task { try await silos[0].walker(here).look(["@idle"]) }
            let read = Task { try await silos[0].walker(here).look(["@cross", there]) }
            let write = Task { try await silos[1].walker(there).go(["@cross", here]) }
            await cluster.book.events.wait(for: "\(here) waits for idle")
            await cluster.book.events.wait(for: "\(here) waits for cross")
            await cluster.book.events.wait(for: "\(there) waits for cross")
            cluster.book.latch("cross").open()
            let reading = await read.result
            // If it is the reader that failed, the writer still waits for the other one.
            cluster.book.latch("idle").open()
            let results = [reading, await write.result]
            #expect(try await idle.value == "end")
            let codes = results.compactMap { result -> GrainError.Code? in
                if case .failure(let error) = result { (error as? GrainError)?.code } else { nil }
            }
            #expect(codes.count { $0 == .deadlock } == 1)
            #expect(codes.count <= 1)
        }
    }

    @Test func `a chain over silos that only waits long is no circle`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b", "c")
            let keys = ["a", "b", "c"].map { silos[0].walkerKey(on: $0) }
            let holder = Task { try await silos[0].walker(keys[2]).go(["@slow"]) }
            await cluster.book.events.wait(for: "\(keys[2]) waits for slow")
            let chain = Task { try await silos[0].walker(keys[0]).go([keys[1], keys[2]]) }
            await eventually { silos[2].runtime._waits.current().count == 1 }
            // Others wait for a turn of the chain, and are no part of a circle either.
            let others = (0..<5).map { index in Task { try await silos[index % 3].walker(keys[index % 2]).go([]) } }
            await eventually { silos.map { $0.runtime._waits.current().count }.reduce(0, +) == 6 }
            let clock = silos[2].runtime.clock
            let began = clock.now
            // Everything is looked at twice in this time.
            await eventually { clock.now &- began > 260 }
            #expect(silos.map { $0.runtime._waits.current().count }.reduce(0, +) == 6)
            cluster.book.latch("slow").open()
            #expect(try await holder.value == "end")
            #expect(try await chain.value == "end")
            for other in others { #expect(try await other.value == "end") }
        }
    }

    @Test func `G6: a silo in the circle that dies ends it at once`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b", "c")
            let keys = ["a", "b", "c"].map { silos[0].walkerKey(on: $0) }
            let calls = [(0, 1), (1, 2), (2, 0)].map { own, next in
                Task { try await silos[own].walker(keys[own]).go(["@dying", keys[next]]) }
            }
            for key in keys { await cluster.book.events.wait(for: "\(key) waits for dying") }
            cluster.book.latch("dying").open()
            await eventually { silos.allSatisfy { $0.runtime._waits.current().count == 1 } }
            let began = ContinuousClock.now
            cluster.network.kill("b")
            // The turn that waited for the dead silo ends, and the one that waited for that turn goes on.
            #expect(await grainError { try await calls[0].value }?.code == .outcomeUnknown)
            #expect(try await calls[2].value == "end")
            #expect(ContinuousClock.now - began < .seconds(2))
            #expect(try await silos[0].walker(keys[0]).go([keys[2]]) == "end")
            // The dead silo's own turn waits in vain.
            calls[1].cancel()
            _ = await calls[1].result
        }
    }

    @Test func `a circle that is over, or never was, breaks no wait`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b")
            let (here, there) = (silos[0].walkerKey(on: "a"), silos[0].walkerKey(on: "b"))
            let holder = Task { try await silos[1].walker(there).go(["@slow"]) }
            await cluster.book.events.wait(for: "\(there) waits for slow")
            let chain = Task { try await silos[0].walker(here).go([there]) }
            let runtime = silos[1].runtime
            await eventually { !runtime._waits.current().isEmpty }
            let driver = try #require(runtime.cluster)
            let waiter = try #require(runtime._waits.current().first)
            func gate(_ silo: Int32, _ number: UInt64, _ key: String) -> WaitStep {
                .gate(silo: silo, number: number, type: "walker", key: key, milliseconds: 300)
            }
            let real = gate(driver.silo, waiter.number, there)
            let untrue = [
                // A call that is answered, or was never made; a wait that is over; both known to the other silo only.
                [real, .call(silo: driver.silo, number: 999_999)],
                [real, gate(driver.silo, waiter.number + 1_000, here)],
                [real, .call(silo: 1, number: 999_999)],
                [real, gate(1, 999_999, here)],
            ]
            for steps in untrue {
                let circle = try #require(WaitCircle(steps))
                runtime.check(circle, driver)
                runtime.check(circle, driver)
            }
            // What was sent to the other silo was looked at there before a call that came later is answered.
            #expect(try await silos[1].walker(silos[0].walkerKey(on: "a", "later")).go([]) == "end")
            #expect(!waiter.isFinished)
            // Nor does a question about a call that does not run here.
            let session = ArrivedChain.Call(link: ObjectIdentifier(driver), number: 1)
            await runtime.follow(WaitProbe(silo: driver.silo, activation: 1), to: session, driver)
            #expect(!waiter.isFinished)
            cluster.book.latch("slow").open()
            #expect(try await holder.value == "end")
            #expect(try await chain.value == "end")
        }
    }

    @Test func `C63: a circle is found while the grain that it comes back to moves`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b")
            let there = silos[0].walkerKey(on: "b")
            let keys = (0..<24).map { silos[0].walkerKey(on: "a", "moving \($0)") }
            let readers = keys.prefix(12)
            let calls = keys.map { key in
                readers.contains(key)
                    ? Task { try await silos[0].walker(key).look(["?\(there)", "@moved", "?\(key)"]) }
                    : Task { try await silos[0].walker(key).go(["?\(there)", "@moved", key]) }
            }
            await cluster.book.events.wait(for: "\(there) waits for moved", times: keys.count)
            let third = try await cluster.start("c")
            await cluster.agree(silos + [third])
            let moved = keys.filter { third.owner(of: third.walker($0)) == "c" }
            #expect(!moved.isEmpty)
            let began = ContinuousClock.now
            cluster.book.latch("moved").open()
            for (key, call) in zip(keys, calls) {
                if readers.contains(key) {
                    #expect(try await call.value == "end")
                } else {
                    expectCircle(await grainError { try await call.value }, [key, there, key])
                }
            }
            print("\(moved.count) of \(keys.count) grains moved; all knew after \(ContinuousClock.now - began)")
            #expect(ContinuousClock.now - began < .seconds(2))
            for key in moved { #expect(try await third.walker(key).go([]) == "end") }
        }
    }
}
