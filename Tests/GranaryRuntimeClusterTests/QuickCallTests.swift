import Granary
import GranaryCluster
import GranaryCore
import GranaryTesting
import NIOCore
import Testing

@testable import GranaryRuntime

/// Calls of synchronous methods from other silos, which a few tasks run one after the other.
@Suite(.timeLimit(.minutes(2)), .serialized) struct QuickCallTests {
    /// A scribe on the silo b, as a silo a sees it.
    private static func scribe(_ cluster: LedgerCluster, _ prefix: String = "scribe") throws -> Scribe.Reference {
        let first = try cluster.silo("a")
        for number in 0... {
            let reference = first.grain(Scribe.self, "\(prefix) \(number)")
            if first.owner(of: reference) == "b" { return reference }
        }
        throw NoSilo(name: "b")
    }

    private static func with(_ body: (LedgerCluster, Silo) async throws -> Void) async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b")
            try await body(cluster, silos[0])
        }
    }

    @Test func `calls to one grain start in the order in which they were handed over, quick ones and slow ones`()
        async throws
    {
        try await Self.with { cluster, _ in
            let scribe = try Self.scribe(cluster)
            try await scribe.note(0)
            var waiting: [Task<Void, any Error>] = []
            for number in 1...3_000 {
                // Runs up to its first wait before the next line: the call is handed over then.
                let task = Task.immediate {
                    if number % 7 < 2 { try await scribe.noteSlowly(number) } else { try await scribe.note(number) }
                }
                waiting.append(task)
                if waiting.count == 20 { try await waiting.removeFirst().value }
            }
            for task in waiting { try await task.value }
            #expect(try await scribe.allNotes() == Array(0...3_000))
        }
    }

    @Test func `a turn that keeps its grain's actor holds no other grain's calls up`() async throws {
        try await Self.with { cluster, first in
            let busy = try Self.scribe(cluster, "busy")
            try await busy.note(0)
            var others: [Scribe.Reference] = []
            for number in 0..<20 { others.append(try Self.scribe(cluster, "other \(number)")) }
            let occupation = Task { try await busy.occupy(until: "end") }
            await cluster.book.events.wait { $0.contains { $0.hasSuffix("is occupied") } }
            // This one waits for the actor, in the middle of all others.
            let behind = Task { try await busy.allNotes() }
            for round in 0..<20 {
                for other in others { try await other.note(round) }
            }
            for other in others { #expect(try await other.allNotes() == Array(0..<20)) }
            cluster.book.flag("end").set()
            try await occupation.value
            #expect(try await behind.value == [0])
        }
    }

    @Test func `the cancellation of a quick call cancels no other one that runs in the same task`() async throws {
        try await Self.with { cluster, _ in
            let busy = try Self.scribe(cluster, "busy")
            try await busy.note(0)
            let other = try Self.scribe(cluster, "other")
            try await other.note(0)
            for round in 0..<20 {
                let occupation = Task { try await busy.occupy(until: "end \(round)") }
                await cluster.book.events.wait { $0.count { $0.hasSuffix("is occupied") } == round + 1 }
                let doomed = Task { try await busy.isCancelled() }
                occupation.cancel()
                doomed.cancel()
                // Their callers do not wait for the turn.
                await #expect(throws: CancellationError.self) { try await occupation.value }
                await #expect(throws: CancellationError.self) { try await doomed.value }
                let behind = Task { try await busy.isCancelled() }
                cluster.book.flag("end \(round)").set()
                #expect(try await behind.value == false)
                #expect(try await other.isCancelled() == false)
            }
        }
    }

    @Test func `what a synchronous method changed is saved before the answer, and taken back when it threw`()
        async throws
    {
        try await Self.with { cluster, _ in
            let scribe = try Self.scribe(cluster)
            for line in 1...20 {
                try await scribe.write(line)
                await #expect(throws: Refused(entry: -line)) { try await scribe.refuse(-line) }
                let error = await grainError { try await scribe.tamper(-line) }
                #expect(error?.code == .readOnlyViolation)
            }
            #expect(try await scribe.all() == Array(1...20))
            // All of it is stored: the silo that held it is gone.
            try await cluster.kill("b")
            #expect(try await scribe.all() == Array(1...20))
        }
    }

    @Test func `calls to a grain that leaves go to where it is`() async throws {
        try await LedgerCluster.with { cluster in
            try await cluster.startAll("a", "b", "c")
            let scribe = try Self.scribe(cluster)
            let end = Flag()
            let calls = Task {
                var count = 0
                while !end.isSet {
                    try await scribe.write(count)
                    count += 1
                }
                return count
            }
            await eventually { (try? await scribe.all().count) ?? 0 > 20 }
            try await cluster.stop("b")
            let moved = try await scribe.all().count
            await eventually { (try? await scribe.all().count) ?? 0 > moved + 20 }
            end.set()
            let count = try await calls.value
            #expect(count > 0)
            #expect(try await scribe.all() == Array(0..<count))
        }
    }

    /// A call that is suspended until a latch is opened.
    private final class Stuck: Arrival, @unchecked Sendable {
        let latch = Latch()
        let ran = Flag()

        override func run(in runner: QuickRunner) async {
            _ = runs(in: runner)
            ran.set()
            await latch.wait()
        }
    }

    private func stuck(_ number: Int) -> Stuck {
        let grain = GrainID(type: "scribe", key: "\(number)")
        let head = CallHead(id: UInt64(number), grain: grain, method: "note")
        return Stuck(
            ReceivedCall(head: head, arguments: ByteBuffer()), on: NoLink(),
            at: ClusterGrain(type: grain.type, key: grain.key, hash: UInt64(number)))
    }

    @Test func `when all tasks are held up, further ones take what is behind`() async {
        let tasks = SiloTasks()
        let line = QuickLine(tasks: tasks)
        let calls = (0..<40).map(stuck)
        for call in calls { line.add(call) }
        line.start()
        await eventually { calls.contains { $0.ran.isSet } }
        #expect(!calls.allSatisfy { $0.ran.isSet })
        // As often as the cluster's clock ticks.
        for call in calls {
            await eventually {
                line.watch()
                return call.ran.isSet
            }
        }
        for call in calls { call.latch.open() }
        await eventually { tasks.count == 0 }
        // Those tasks are over, and a new one takes what comes.
        let last = stuck(40)
        line.add(last)
        line.start()
        await eventually { last.ran.isSet }
        last.latch.open()
        await eventually { tasks.count == 0 }
    }

    @Test func `a cancelled task runs nothing more, and another one takes its place`() async {
        let tasks = SiloTasks()
        let line = QuickLine(tasks: tasks)
        let first = stuck(0)
        let second = stuck(1)
        line.add(first)
        line.start()
        await eventually { first.ran.isSet }
        line.add(second)
        // A second one, held up as well, so that only the first one's successor can take the third.
        line.start()
        await eventually { second.ran.isSet }
        let third = stuck(2)
        line.add(third)
        // Nobody waits for it any more; its end is the end of the task.
        first.abandon()
        #expect(!third.ran.isSet)
        first.latch.open()
        await eventually { third.ran.isSet }
        second.latch.open()
        third.latch.open()
        await eventually { tasks.count == 0 }
    }
}
