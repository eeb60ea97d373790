import Granary
import GranaryTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct TimerTests {
    private func withTimerSilo(_ body: (Silo, Stage, ManualTimeSource) async throws -> Void) async throws {
        let time = ManualTimeSource()
        try await withSilo(time: time) { silo, stage in
            await time.sleepers(atLeast: 3)
            try await body(silo, stage, time)
        }
    }

    @Test func `I1: the period counts from the end of a tick, and ticks never overlap`() async throws {
        try await withTimerSilo { silo, stage, time in
            stage.onNow("start") { grain in
                grain.context.startTimer(after: .milliseconds(100), every: .milliseconds(100)) { grain in
                    grain.value += 1
                    stage.events.record("begin \(grain.value)")
                    if grain.value == 1 { await stage.latch("first").wait() }
                    stage.events.record("end \(grain.value)")
                }
                return ""
            }
            _ = try await silo.probe("a").runNow("start")
            await time.advance(by: .milliseconds(120), in: .milliseconds(20))
            await stage.latch("first").arrived()
            await time.advance(by: .milliseconds(500), in: .milliseconds(20))
            #expect(stage.events.all.last == "begin 1")
            stage.latch("first").open()
            await stage.events.wait(for: "end 1")
            await eventually { silo.runtime.timers.hasEntries }
            await time.advance(by: .milliseconds(80), in: .milliseconds(20))
            #expect(stage.events.all.last == "end 1")
            await time.advance(by: .milliseconds(40), in: .milliseconds(20))
            await stage.events.wait(for: "end 2")
        }
    }

    @Test func `I1: a timer without a period ticks once`() async throws {
        try await withTimerSilo { silo, stage, time in
            stage.onNow("start") { grain in
                grain.context.startTimer(after: .milliseconds(20)) { _ in stage.events.record("tick") }
                return ""
            }
            _ = try await silo.probe("a").runNow("start")
            await time.advance(by: .milliseconds(40), in: .milliseconds(20))
            await stage.events.wait(for: "tick")
            await time.advance(by: .seconds(1), in: .milliseconds(20))
            #expect(stage.events.all.filter { $0 == "tick" }.count == 1)
            #expect(!silo.runtime.timers.hasEntries)
        }
    }

    @Test func `I2: a tick that throws is logged and the timer goes on`() async throws {
        let time = ManualTimeSource()
        let log = LogRecorder()
        try await withSilo(time: time, logger: log.logger) { silo, stage in
            await time.sleepers(atLeast: 3)
            stage.onNow("start") { grain in
                grain.context.startTimer(after: .milliseconds(20), every: .milliseconds(20)) { grain in
                    grain.value += 1
                    stage.events.record("tick \(grain.value)")
                    if grain.value == 1 { throw UnnamedError(text: "tick failed") }
                }
                return ""
            }
            _ = try await silo.probe("a").runNow("start")
            await time.advance(by: .milliseconds(40), in: .milliseconds(20))
            await log.lines.wait { lines in
                lines.contains { $0.contains("timer's tick threw") && $0.contains("tick failed") }
            }
            await eventually { silo.runtime.timers.hasEntries }
            await time.advance(by: .milliseconds(40), in: .milliseconds(20))
            await stage.events.wait(for: "tick 2")
        }
    }

    @Test func `I2: a cancelled timer does not tick again, also when its own tick cancels it`() async throws {
        try await withTimerSilo { silo, stage, time in
            let handles = EventRecorder<any ActivationTimerHandle>()
            stage.onNow("start") { grain in
                handles.record(
                    grain.context.startTimer(after: .milliseconds(20), every: .milliseconds(20)) { _ in
                        stage.events.record("tick")
                        handles.all[0].cancel()
                    })
                handles.record(
                    grain.context.startTimer(after: .milliseconds(200), every: .milliseconds(20)) { _ in
                        stage.events.record("never")
                    })
                return ""
            }
            _ = try await silo.probe("a").runNow("start")
            handles.all[1].cancel()
            await time.advance(by: .milliseconds(40), in: .milliseconds(20))
            await stage.events.wait(for: "tick")
            await time.advance(by: .seconds(1), in: .milliseconds(20))
            #expect(stage.events.all.dropFirst() == ["tick"])
            await eventually { !silo.runtime.timers.hasEntries }
        }
    }

    @Test func `A14: no timer ticks on an activation that is over`() async throws {
        try await withTimerSilo { silo, stage, time in
            stage.onNow("start ten") { grain in
                for period in [5, 100] {
                    for _ in 0..<5 {
                        grain.context.startTimer(after: .milliseconds(5), every: .milliseconds(period)) { grain in
                            stage.events.record("tick of \(grain.number)")
                        }
                    }
                }
                return ""
            }
            _ = try await silo.probe("a").runNow("start ten")
            await time.advance(by: .milliseconds(100), in: .milliseconds(20))
            await stage.events.wait(for: "tick of 1", times: 10)
            await silo.deactivate(silo.probe("a"))
            let ticks = stage.events.all.filter { $0 == "tick of 1" }.count
            #expect(try await silo.probe("a").ping() == 2)
            await time.advance(by: .seconds(1), in: .milliseconds(20))
            #expect(stage.events.all.filter { $0 == "tick of 1" }.count == ticks)
            await eventually { !silo.runtime.timers.hasEntries }
        }
    }

    @Test func `A14: a timer of an activation that failed never ticks and is forgotten`() async throws {
        try await withTimerSilo { silo, stage, time in
            stage.onActivate { grain in
                grain.context.startTimer(after: .milliseconds(20), every: .milliseconds(20)) { _ in
                    stage.events.record("tick")
                }
                throw NamedError(text: "no")
            }
            await #expect(throws: NamedError(text: "no")) { try await silo.probe("a").ping() }
            await time.advance(by: .seconds(1), in: .milliseconds(20))
            #expect(stage.events.all == ["a#1 activate"])
            await eventually { !silo.runtime.timers.hasEntries }
        }
    }

    @Test func `A14: a timer that is started when the activation is over never ticks and is forgotten`() async throws {
        try await withTimerSilo { silo, stage, time in
            stage.onNow("leave work") { grain in
                // Outlives the turn and the activation; the test waits for it.
                Task {
                    await stage.latch("gone").wait()
                    grain.context.startTimer(after: .milliseconds(20), every: .milliseconds(20)) { _ in
                        stage.events.record("tick")
                    }
                    stage.events.record("started")
                }
                return ""
            }
            _ = try await silo.probe("a").runNow("leave work")
            await silo.deactivate(silo.probe("a"))
            stage.latch("gone").open()
            await stage.events.wait(for: "started")
            await time.advance(by: .milliseconds(100), in: .milliseconds(20))
            await eventually { !silo.runtime.timers.hasEntries }
            #expect(!stage.events.all.contains("tick"))
        }
    }

    @Test func `a tick is a turn: it waits for the running one`() async throws {
        try await withTimerSilo { silo, stage, time in
            stage.on("start") { grain in
                grain.context.startTimer(after: .milliseconds(20)) { _ in stage.events.record("tick") }
                await stage.latch("turn").wait()
                stage.events.record("turn ends")
                return ""
            }
            async let turn = silo.probe("a").run("start")
            await stage.latch("turn").arrived()
            await time.advance(by: .milliseconds(100), in: .milliseconds(20))
            await silo.waiting(1)
            stage.latch("turn").open()
            _ = try await turn
            await stage.events.wait(for: "tick")
            #expect(stage.events.all.suffix(2) == ["turn ends", "tick"])
        }
    }

    @Test func `C66: a slow timer of one grain does not hold back another's`() async throws {
        try await withTimerSilo { silo, stage, time in
            stage.onNow("start") { grain in
                grain.context.startTimer(after: .milliseconds(20), every: .milliseconds(20)) { grain in
                    if grain.context.key == "slow" { await stage.latch("slow").wait() }
                    stage.events.record("tick \(grain.context.key)")
                }
                return ""
            }
            _ = try await silo.probe("slow").runNow("start")
            _ = try await silo.probe("quick").runNow("start")
            for tick in 1...5 {
                await time.advance(by: .milliseconds(40), in: .milliseconds(20))
                await stage.events.wait(for: "tick quick", times: tick)
                await eventually { silo.runtime.timers.hasEntries }
            }
            #expect(!stage.events.all.contains("tick slow"))
        }
    }
}
