import FoundationEssentials
import Granary
import GranaryTesting
import Synchronization
import Testing

@Grain("speck", key: Int.self) actor Speck {
    func touch() -> Int { context.key }
}

@Suite(.timeLimit(.minutes(5))) struct CapacityTests {
    @Test func `past the cap exactly the least recently used grains leave`() async throws {
        let time = ManualTimeSource()
        try await withSilo(time: time, settings: { $0.activationLimit = 10 }) { silo, stage in
            await time.sleepers(atLeast: 3)
            for key in 0..<10 {
                _ = try await silo.probe("\(key)").ping()
                await time.advance(by: .milliseconds(20), in: .milliseconds(20))
            }
            // 0, 2 and 4 are used again: 1, 3, 5, 6 and 7 are now the five that were used least recently.
            for key in [0, 2, 4] {
                _ = try await silo.probe("\(key)").ping()
                await time.advance(by: .milliseconds(20), in: .milliseconds(20))
            }
            for key in 10..<15 {
                _ = try await silo.probe("\(key)").ping()
                await time.advance(by: .milliseconds(20), in: .milliseconds(20))
                await stage.events.wait { events in
                    events.filter { $0.hasSuffix("#1 end") }.count == key - 9
                }
            }
            let gone = stage.events.all.filter { $0.hasSuffix("#1 deactivate capacity") }
            #expect(gone == [1, 3, 5, 6, 7].map { "\($0)#1 deactivate capacity" })
            await eventually { silo.activationCount == 10 }
        }
    }

    @Test func `a victim that leaves slowly costs no further ones`() async throws {
        let time = ManualTimeSource()
        try await withSilo(time: time, settings: { $0.activationLimit = 10 }) { silo, stage in
            await time.sleepers(atLeast: 3)
            stage.onDeactivate { _, reason in
                if reason == "capacity" { await stage.latch("leaving").wait() }
            }
            for key in 0..<11 {
                _ = try await silo.probe("\(key)").ping()
                await time.advance(by: .milliseconds(20), in: .milliseconds(20))
            }
            await stage.latch("leaving").arrived()
            for _ in 0..<20 { await time.advance(by: .milliseconds(20), in: .milliseconds(20)) }
            #expect(stage.latch("leaving").arrivals == 1)
            stage.latch("leaving").open()
            await stage.events.wait(for: "0#1 end")
            await eventually { silo.activationCount == 10 }
        }
    }

    @Test func `busy grains are no victims`() async throws {
        let time = ManualTimeSource()
        try await withSilo(time: time, settings: { $0.activationLimit = 5 }) { silo, stage in
            await time.sleepers(atLeast: 3)
            stage.on("work") { _ in
                await stage.latch("work").wait()
                return ""
            }
            let busy = (0..<5).map { key in Task { try await silo.probe("busy \(key)").run("work") } }
            await stage.latch("work").arrived(5)
            await time.advance(by: .milliseconds(40), in: .milliseconds(20))
            _ = try await silo.probe("idle").ping()
            await time.advance(by: .milliseconds(100), in: .milliseconds(20))
            await stage.events.wait(for: "idle#1 end")
            await eventually { silo.activationCount == 5 }
            stage.latch("work").open()
            for task in busy { _ = try await task.value }
        }
    }

    @Test func `many grains under a cap keep the number of activations bounded`() async throws {
        // The full size takes minutes without optimisation.
        let isSoak = ProcessInfo.processInfo.environment["GRANARY_SOAK"] == "1"
        let (grains, limit) = isSoak ? (1_000_000, 100_000) : (20_000, 1_000)
        let bound = limit + limit / 16 + 64 + 8
        try await withSilo(settings: { $0.activationLimit = limit }, also: { Speck.self }) { silo, _ in
            let highest = try await withThrowingTaskGroup(of: Int.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        var highest = 0
                        for key in stride(from: worker, to: grains, by: 8) {
                            try await #expect(silo.grain(Speck.self, key).touch() == key)
                            if key & 255 == worker { highest = max(highest, silo.activationCount) }
                        }
                        return highest
                    }
                }
                var highest = 0
                for try await one in group { highest = max(highest, one) }
                return highest
            }
            #expect(highest <= bound)
            #expect(highest >= limit)
            await eventually { silo.activationCount <= limit }
        }
    }
}
