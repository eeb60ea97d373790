import GranaryCore
import GranaryTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct ManualTimeSourceTests {
    @Test func `sleepers wake at their reading and not before`() async throws {
        let time = ManualTimeSource()
        let events = EventRecorder<String>()
        let short = Task {
            try await time.sleep(for: .seconds(1))
            events.record("short")
        }
        let long = Task {
            try await time.sleep(for: .seconds(2))
            events.record("long")
        }
        await time.sleepers(atLeast: 2)
        time.advance(by: .milliseconds(999))
        #expect(events.all.isEmpty)
        time.advance(by: .milliseconds(1))
        try await short.value
        #expect(events.all == ["short"])
        time.advance(by: .seconds(5))
        try await long.value
        #expect(events.all == ["short", "long"])
        #expect(time.now == .seconds(6))
    }

    @Test func `a cancelled sleeper wakes with an error`() async throws {
        let time = ManualTimeSource()
        let sleeper = Task { try await time.sleep(for: .seconds(1)) }
        await time.sleepers(atLeast: 1)
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }

    @Test func `the clock runs for as long as an operation needs it`() async throws {
        let time = ManualTimeSource()
        let reading = try await time.run(in: .seconds(1)) {
            for _ in 0..<3 { try await time.sleep(for: .seconds(10)) }
            return time.now
        }
        #expect(reading >= .seconds(30))
        #expect(reading < .seconds(60))
    }
}

@Suite(.timeLimit(.minutes(1))) struct LatchTests {
    @Test func `a latch holds until it is opened, and counts who came`() async throws {
        let latch = Latch()
        let held = Task { await latch.wait() }
        await latch.arrived()
        #expect(latch.arrivals == 1)
        latch.open()
        await held.value
        try await latch.waitUnlessCancelled()
        #expect(latch.arrivals == 2)
    }

    @Test func `cancellation ends only a wait that listens to it`() async throws {
        let latch = Latch()
        let listening = Task { try await latch.waitUnlessCancelled() }
        let deaf = Task {
            await latch.wait()
            return Task.isCancelled
        }
        await latch.arrived(2)
        listening.cancel()
        deaf.cancel()
        await #expect(throws: CancellationError.self) { try await listening.value }
        latch.open()
        #expect(await deaf.value)
    }

    @Test func `events can be waited for`() async {
        let events = EventRecorder<Int>()
        async let two: Void = events.wait(for: 7, times: 2)
        async let many: Void = events.wait(forCount: 3)
        for event in [7, 1, 7] { events.record(event) }
        await two
        await many
        #expect(events.all == [7, 1, 7])
    }
}
