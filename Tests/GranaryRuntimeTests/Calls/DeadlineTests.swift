import Granary
import GranaryTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct DeadlineTests {
    @Test func `D1: a call that waits for its turn ends at its deadline and never starts`() async throws {
        let time = ManualTimeSource()
        try await withSilo(time: time, settings: { $0.callTimeout = .seconds(1) }) { silo, stage in
            stage.on("block") { _ in
                await stage.latch("block").wait()
                return "done"
            }
            stage.on("body") { _ in
                stage.events.record("body ran")
                return ""
            }
            let blocked = Task { try await silo.probe("a").run("block") }
            await stage.latch("block").arrived()
            let waiting = Task { try await silo.probe("a").run("body") }
            await silo.waiting(1)
            await time.sleepers(atLeast: 3)
            await time.advance(by: .milliseconds(980), in: .milliseconds(20))
            #expect(silo.waitingCalls == 1)
            await time.advance(by: .milliseconds(60), in: .milliseconds(20))
            let error = await grainError { try await waiting.value }
            #expect(error?.code == .timeout)
            #expect(error?.grain?.key == "a")
            #expect(silo.waitingCalls == 0)
            stage.latch("block").open()
            try await #expect(blocked.value == "done")
            #expect(!stage.events.all.contains("body ran"))
        }
    }

    @Test func `D1, C49: a call with a time of its own ends in time, and its turn is cancelled and runs once`()
        async throws
    {
        let time = ManualTimeSource()
        try await withSilo(time: time) { silo, stage in
            stage.on("slow") { _ in
                stage.events.record("begins")
                do { try await stage.latch("slow").waitUnlessCancelled() } catch { stage.events.record("cancelled") }
                return ""
            }
            let call = Task { try await silo.probe("a").within(.milliseconds(500)).run("slow") }
            await stage.latch("slow").arrived()
            await time.sleepers(atLeast: 3)
            await time.advance(by: .milliseconds(540), in: .milliseconds(20))
            let error = await grainError { try await call.value }
            #expect(error?.code == .timeout)
            await stage.events.wait(for: "cancelled")
            try await #expect(silo.probe("a").ping() == 1)
            #expect(stage.events.all.filter { $0 == "begins" }.count == 1)
        }
    }

    @Test func `a call with a time of its own that waits for its turn never starts after it`() async throws {
        let time = ManualTimeSource()
        try await withSilo(time: time) { silo, stage in
            stage.on("block") { _ in
                await stage.latch("block").wait()
                return "done"
            }
            stage.on("body") { _ in
                stage.events.record("body ran")
                return ""
            }
            let blocked = Task { try await silo.probe("a").run("block") }
            await stage.latch("block").arrived()
            let waiting = Task { try await silo.probe("a").within(.milliseconds(200)).run("body") }
            await silo.waiting(1)
            await time.sleepers(atLeast: 3)
            await time.advance(by: .milliseconds(260), in: .milliseconds(20))
            #expect(await grainError { try await waiting.value }?.code == .timeout)
            stage.latch("block").open()
            _ = try await blocked.value
            #expect(try await silo.probe("a").ping() == 1)
            #expect(!stage.events.all.contains("body ran"))
        }
    }

    @Test func `D3: after calls that ran out of time the grain serves again`() async throws {
        let time = ManualTimeSource()
        try await withSilo(time: time) { silo, stage in
            stage.on("slow") { _ in
                await stage.latch("slow").wait()
                return ""
            }
            let calls = (0..<10).map { _ in
                Task { try await silo.probe("a").within(.milliseconds(300)).run("slow") }
            }
            await stage.latch("slow").arrived()
            await silo.waiting(9)
            await time.sleepers(atLeast: 3)
            await time.advance(by: .milliseconds(360), in: .milliseconds(20))
            for call in calls { #expect(await grainError { try await call.value }?.code == .timeout) }
            stage.latch("slow").open()
            try await #expect(silo.probe("a").ping() == 1)
            #expect(stage.latch("slow").arrivals == 1)
        }
    }

    @Test func `a call ends at its deadline while its grain is still being activated`() async throws {
        let time = ManualTimeSource()
        try await withSilo(time: time, settings: { $0.callTimeout = .milliseconds(300) }) { silo, stage in
            stage.onActivate { _ in await stage.latch("activate").wait() }
            let call = Task { try await silo.probe("a").ping() }
            await silo.waiting(1)
            await time.sleepers(atLeast: 3)
            await time.advance(by: .milliseconds(360), in: .milliseconds(20))
            let error = await grainError { try await call.value }
            #expect(error?.code == .timeout)
            #expect(error?.message.contains("still being activated") == true)
            stage.latch("activate").open()
            try await #expect(silo.probe("a").ping() == 1)
        }
    }

    @Test func `a call that ends in time is not troubled by its deadline`() async throws {
        let time = ManualTimeSource()
        try await withSilo(time: time) { silo, _ in
            let quick = silo.probe("a").within(.milliseconds(100))
            try await #expect(quick.ping() == 1)
            await time.sleepers(atLeast: 3)
            await time.advance(by: .milliseconds(200), in: .milliseconds(20))
            try await #expect(quick.ping() == 1)
        }
    }
}
