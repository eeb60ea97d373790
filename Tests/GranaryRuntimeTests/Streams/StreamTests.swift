import Granary
import GranaryCore
import GranaryTesting
import NIOCore
import Testing

/// A grain whose results are sequences.
@Grain("spring") actor Spring {
    let stage: Stage
    @Stored var drawn = 0

    init(context: GrainContext<Spring>, stage: Stage) {
        self.context = context
        self.stage = stage
    }

    /// The numbers from 0; the turn that makes each is written down.
    func numbers(_ count: Int) -> GrainStream<Int> {
        context.stream(from: 0) { spring, next in
            spring.stage.events.record("turn \(spring._turnCount())")
            guard next < count else { return nil }
            defer { next += 1 }
            return next
        }
    }

    func numbersThenThrowing(after count: Int) -> GrainStream<Int> {
        context.stream(from: 0) { spring, next in
            spring.drawn += 1
            guard next < count else { throw NamedError(text: "dry after \(count)") }
            defer { next += 1 }
            return next
        }
    }

    func slowly() -> GrainStream<Int> {
        context.stream(from: 0) { spring, next in
            await spring.stage.latch("step \(next)").wait()
            next += 1
            return next
        }
    }

    func read(own count: Int) async throws -> Int {
        var sum = 0
        for try await number in numbers(count) { sum += number }
        return sum
    }

    @ReadOnly func drawnSoFar() -> Int { drawn }
    func ping() {}
}

@Suite(.timeLimit(.minutes(1))) struct StreamTests {
    private func withSpring(
        _ way: Way = .direct, time: ManualTimeSource? = nil,
        _ body: (Silo, Spring.Reference, Stage) async throws -> Void
    ) async throws {
        let stage = Stage()
        try await withSilo(
            time: time, settings: way.apply, also: { Spring.hosted { Spring(context: $0, stage: stage) } }
        ) { silo, _ in
            defer { stage.openAll() }
            let spring = silo.grain(Spring.self, "a")
            try await body(silo, way == .timed ? spring.within(.seconds(30)) : spring, stage)
        }
    }

    private func turns(_ stage: Stage) -> Int { Set(stage.events.all).count }

    @Test(arguments: Way.allCases)
    func `D16: a stream of five is read to its end, and its producer is freed`(way: Way) async throws {
        try await withSpring(way) { silo, spring, _ in
            var read: [Int] = []
            for try await number in try await spring.numbers(5) { read.append(number) }
            #expect(read == [0, 1, 2, 3, 4])
            #expect(silo.runtime._streams.count == 0)
        }
    }

    @Test(arguments: Way.allCases)
    func `D17: what was produced before an error arrives, then the error itself`(way: Way) async throws {
        try await withSpring(way) { silo, spring, _ in
            var read: [Int] = []
            await #expect(throws: NamedError(text: "dry after 3")) {
                for try await number in try await spring.numbersThenThrowing(after: 3) { read.append(number) }
            }
            #expect(read == [0, 1, 2])
            #expect(silo.runtime._streams.count == 0)
            // The turn threw, so what it did to the state is taken back.
            try await #expect(spring.drawnSoFar() == 0)
        }
    }

    @Test func `D18: fifty numbers come in one batch, and one by one in fifty-one`() async throws {
        try await withSpring { _, spring, stage in
            var iterator = try await spring.numbers(50).makeAsyncIterator()
            var count = 0
            while try await iterator.next() != nil { count += 1 }
            #expect(count == 50)
            #expect(turns(stage) == 1)
        }
        try await withSpring { _, spring, stage in
            for try await _ in try await spring.numbers(50).batches(of: 1) {}
            #expect(turns(stage) == 51)
        }
    }

    @Test func `between two batches the grain serves others`() async throws {
        try await withSpring { _, spring, stage in
            var iterator = try await spring.numbers(4).batches(of: 2).makeAsyncIterator()
            try await #expect(iterator.next() == 0)
            try await spring.ping()
            try await #expect(iterator.next() == 1)
            try await #expect(iterator.next() == 2)
            // The call for the stream, a batch, the ping, a batch.
            #expect(stage.events.all == ["turn 2", "turn 2", "turn 4", "turn 4"])
        }
    }

    @Test func `D19: a reader that asks for nothing for too long finds no record of its stream`() async throws {
        let time = ManualTimeSource()
        try await withSpring(time: time) { silo, spring, _ in
            await time.sleepers(atLeast: 3)
            var patient = try await spring.numbers(10).batches(of: 1).makeAsyncIterator()
            var idle = try await spring.numbers(10).batches(of: 1).makeAsyncIterator()
            try await #expect(idle.next() == 0)
            for number in 0..<4 {
                try await #expect(patient.next() == number)
                await time.advance(by: .seconds(10), in: .milliseconds(500))
            }
            await eventually { silo.runtime._streams.count == 1 }
            do {
                _ = try await idle.next()
                Issue.record("the stream was still there")
            } catch {
                #expect((error as? GrainError)?.code == .streamLost)
            }
            // The error is the end.
            try await #expect(idle.next() == nil)
            try await #expect(patient.next() == 4)
        }
    }

    @Test(arguments: Way.allCases)
    func `D20: a stream whose activation ends is lost, and no new activation is made for it`(way: Way) async throws {
        try await withSpring(way) { silo, spring, _ in
            var iterator = try await spring.numbers(10).batches(of: 2).makeAsyncIterator()
            try await #expect(iterator.next() == 0)
            await silo.deactivate(spring)
            // What was fetched is there; what was not is lost.
            try await #expect(iterator.next() == 1)
            do {
                _ = try await iterator.next()
                Issue.record("the stream was still there")
            } catch {
                #expect((error as? GrainError)?.code == .streamLost)
                #expect((error as? GrainError)?.grain == spring.id)
            }
            #expect(silo.activationCount == 0)
            #expect(silo.runtime._streams.count == 0)
        }
    }

    @Test func `a reader that stops early frees the producer`() async throws {
        try await withSpring { silo, spring, _ in
            for try await number in try await spring.numbers(1_000_000).batches(of: 3) where number == 4 { break }
            #expect(silo.runtime._streams.count == 0)
        }
    }

    @Test func `a cancelled reader ends at once, while it waits too`() async throws {
        try await withSpring { silo, spring, stage in
            let reader = Task {
                for try await _ in try await spring.slowly() {}
            }
            await stage.latch("step 0").arrived()
            let waiting = Task {
                for try await _ in try await spring.numbers(1) {}
            }
            await silo.waiting(1)
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            reader.cancel()
            for step in 0..<200 { stage.latch("step \(step)").open() }
            await #expect(throws: CancellationError.self) { try await reader.value }
            await eventually { silo.runtime._streams.count == 0 }
        }
    }

    @Test func `a grain that reads its own stream in a turn is told that it waits for itself`() async throws {
        try await withSpring { _, spring, _ in
            let error = await grainError { try await spring.read(own: 3) }
            #expect(error?.code == .deadlock)
        }
    }

    @Test func `a stream can be decoded by a silo only`() async throws {
        try await withSpring { _, spring, _ in
            let stream = try await spring.numbers(1)
            var buffer = ByteBuffer()
            try CBOREncoder().encode(stream, into: &buffer)
            let bytes = buffer
            #expect(throws: (any Error).self) { try CBORDecoder().decode(GrainStream<Int>.self, exactly: bytes) }
        }
    }
}
