import Granary
import GranaryTesting
import Testing

@Grain("restless") actor ShortLivedProbe {
    static let options = GrainOptions(idleAge: .seconds(60))
    func ping() {}
}

@Suite(.timeLimit(.minutes(1))) struct IdleTests {
    /// A silo whose clock the test turns; grains fall idle after ten minutes and are looked for every ten seconds.
    private func withIdleSilo(_ body: (Silo, Stage, ManualTimeSource) async throws -> Void) async throws {
        let time = ManualTimeSource()
        try await withSilo(
            time: time, settings: { $0.idleAge = .seconds(600) }, also: { ShortLivedProbe.self }
        ) { silo, stage in
            await time.sleepers(atLeast: 3)
            try await body(silo, stage, time)
        }
    }

    private func minutes(_ minutes: Double) -> Duration { .milliseconds(Int64(minutes * 60_000)) }

    @Test func `B1: idle grains leave after their age and not before`() async throws {
        try await withIdleSilo { silo, stage, time in
            // In a silo that is as old as its grains none can leave too early.
            await time.advance(by: minutes(15), in: .seconds(10))
            for key in 0..<1_000 { _ = try await silo.probe("\(key)").ping() }
            await time.advance(by: minutes(9.5), in: .seconds(10))
            #expect(silo.activationCount == 1_000)
            await time.advance(by: minutes(1), in: .seconds(10))
            await eventually { silo.activationCount == 0 }
            #expect(stage.events.all.filter { $0.hasSuffix("deactivate idle") }.count == 1_000)
        }
    }

    @Test func `B2: busy grains stay`() async throws {
        try await withIdleSilo { silo, _, time in
            for key in 0..<200 { _ = try await silo.probe("\(key)").ping() }
            for _ in 0..<5 {
                await time.advance(by: minutes(4), in: .seconds(10))
                for key in 0..<100 { _ = try await silo.probe("\(key)").ping() }
            }
            await eventually { silo.activationCount == 100 }
            for key in 0..<100 { #expect(try await silo.probe("\(key)").ping() == 1) }
        }
    }

    @Test func `B3, C53: a type's own age counts for that type alone, and a call starts it anew`() async throws {
        try await withIdleSilo { silo, _, time in
            for key in 0..<10 {
                _ = try await silo.probe("\(key)").ping()
                try await silo.grain(ShortLivedProbe.self, "\(key)").ping()
            }
            await time.advance(by: .seconds(40), in: .seconds(10))
            for key in 0..<4 { try await silo.grain(ShortLivedProbe.self, "\(key)").ping() }
            await time.advance(by: .seconds(40), in: .seconds(10))
            await eventually { silo.activationCount == 14 }
            await time.advance(by: .seconds(60), in: .seconds(10))
            await eventually { silo.activationCount == 10 }
        }
    }

    @Test func `B4: a grain in the middle of a turn is not idle`() async throws {
        try await withIdleSilo { silo, stage, time in
            stage.on("long") { _ in
                await stage.latch("long").wait()
                return ""
            }
            async let long = silo.probe("busy").run("long")
            _ = try await silo.probe("idle").ping()
            await stage.latch("long").arrived()
            await time.advance(by: minutes(30), in: .seconds(10))
            await stage.events.wait(for: "idle#1 end")
            #expect(silo.activationCount == 1)
            stage.latch("long").open()
            _ = try await long
            #expect(try await silo.probe("busy").ping() == 1)
        }
    }

    @Test func `B6, B8: a wish to stay is kept, replaced and taken back`() async throws {
        try await withIdleSilo { silo, stage, time in
            for length in [0, 5, 20] {
                stage.onNow("keep \(length)") { grain in
                    grain.context.delayDeactivation(for: .seconds(60 * length))
                    return ""
                }
            }
            // Kept for 20 minutes; for 20 and then taken back; for 5, which is less than the age.
            _ = try await silo.probe("long").runNow("keep 20")
            _ = try await silo.probe("back").runNow("keep 20")
            _ = try await silo.probe("back").runNow("keep 0")
            _ = try await silo.probe("short").runNow("keep 5")
            await time.advance(by: minutes(9.5), in: .seconds(10))
            #expect(silo.activationCount == 3)
            await time.advance(by: minutes(1), in: .seconds(10))
            await eventually { silo.activationCount == 1 }
            await time.advance(by: minutes(9), in: .seconds(10))
            #expect(silo.activationCount == 1)
            await time.advance(by: minutes(1), in: .seconds(10))
            await eventually { silo.activationCount == 0 }
        }
    }

    @Test func `B8: a call during the wish to stay counts as well`() async throws {
        try await withIdleSilo { silo, stage, time in
            stage.onNow("keep 5") { grain in
                grain.context.delayDeactivation(for: .seconds(300))
                return ""
            }
            _ = try await silo.probe("a").runNow("keep 5")
            await time.advance(by: minutes(7), in: .seconds(10))
            _ = try await silo.probe("a").ping()
            await time.advance(by: minutes(9.5), in: .seconds(10))
            #expect(silo.activationCount == 1)
            await time.advance(by: minutes(1), in: .seconds(10))
            await eventually { silo.activationCount == 0 }
        }
    }

    @Test func `B9: an explicit deactivation is stronger than a wish to stay`() async throws {
        try await withIdleSilo { silo, stage, _ in
            stage.onNow("keep") { grain in
                grain.context.delayDeactivation(for: .seconds(1_000_000_000))
                grain.context.deactivateWhenIdle()
                return ""
            }
            _ = try await silo.probe("a").runNow("keep")
            await stage.events.wait(for: "a#1 end")
        }
    }

    @Test func `B7: a timer alone does not keep its grain`() async throws {
        try await withIdleSilo { silo, stage, time in
            stage.onNow("start timer") { grain in
                grain.context.startTimer(after: .seconds(5), every: .seconds(5)) { _ in
                    stage.events.record("tick")
                }
                return ""
            }
            _ = try await silo.probe("a").runNow("start timer")
            await time.advance(by: .seconds(10), in: .milliseconds(500))
            await stage.events.wait(for: "tick")
            await time.advance(by: minutes(10.5), in: .seconds(5))
            await stage.events.wait(for: "a#1 end")
        }
    }

    @Test func `B7: a timer that keeps its grain does so`() async throws {
        try await withIdleSilo { silo, stage, time in
            stage.onNow("start timer") { grain in
                grain.context.startTimer(after: .seconds(60), every: .seconds(60), keepsActive: true) { _ in
                    stage.events.record("tick")
                }
                return ""
            }
            _ = try await silo.probe("a").runNow("start timer")
            for tick in 1...20 {
                await time.advance(by: .seconds(61), in: .milliseconds(500))
                await stage.events.wait(for: "tick", times: tick)
            }
            #expect(silo.activationCount == 1)
        }
    }
}
