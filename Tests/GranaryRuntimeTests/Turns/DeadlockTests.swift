import Granary
import GranaryTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct DeadlockTests {
    /// Teaches the probes to pass a call on along a path of keys: "to b c a" calls b, which calls c, which calls a.
    private func passOn(_ stage: Stage) {
        for path in [["a"], ["c", "a"], ["b", "c", "a"]] {
            stage.on("to \(path.joined(separator: " "))") { grain in
                let rest = path.dropFirst().joined(separator: " ")
                return try await grain.context.grain(Probe.self, path[0]).run(rest.isEmpty ? "end" : "to \(rest)")
            }
        }
        stage.on("end") { _ in "end" }
    }

    @Test(arguments: [false, true])
    func `C4, C14, C63: a circle of three fails at once and names the chain`(isolated: Bool) async throws {
        // The clock stands still: nothing but the call itself can find the circle.
        try await withSilo(time: ManualTimeSource(), settings: { $0.isolatesCalls = isolated }) { silo, stage in
            passOn(stage)
            let error = await grainError { try await silo.probe("a").run("to b c a") }
            #expect(error?.code == .deadlock)
            if !isolated { #expect(error?.chain.map(\.key) == ["a", "b", "c", "a"]) }
            #expect(error?.chain.first?.key == "a")
            #expect(error?.chain.last?.key == "a")
            #expect(error?.grain == GrainID(type: "probe", key: "a"))
            try await #expect(silo.probe("a").run("end") == "end")
        }
    }

    @Test func `C63: a grain that calls itself is told so`() async throws {
        try await withSilo(time: ManualTimeSource()) { silo, stage in
            passOn(stage)
            let error = await grainError { try await silo.probe("a").run("to a") }
            #expect(error?.code == .deadlock)
            #expect(error?.chain.map(\.key) == ["a", "a"])
            #expect(error?.message.contains("probe/a → probe/a") == true)
        }
    }

    @Test func `C63: a circle from a read-only turn to a turn that may write is found at once`() async throws {
        try await withSilo(time: ManualTimeSource()) { silo, stage in
            stage.on("write a") { grain in try await grain.context.grain(Probe.self, "a").run("end") }
            stage.on("via b") { grain in try await grain.context.grain(Probe.self, "b").read("write a") }
            stage.on("end") { _ in "end" }
            let error = await grainError { try await silo.probe("a").read("via b") }
            #expect(error?.code == .deadlock)
            #expect(error?.chain.map(\.key) == ["a", "b", "a"])
        }
    }

    @Test func `C63: read-only turns may come back to their own grain`() async throws {
        try await withSilo(time: ManualTimeSource()) { silo, stage in
            stage.on("read a") { grain in try await grain.context.grain(Probe.self, "a").read("end") }
            stage.on("via b") { grain in try await grain.context.grain(Probe.self, "b").read("read a") }
            stage.on("end") { _ in "end" }
            try await #expect(silo.probe("a").read("via b") == "end")
        }
    }

    @Test func `C63: a read-only turn comes back to its own grain past a waiting writer`() async throws {
        try await withSilo(time: ManualTimeSource()) { silo, stage in
            stage.on("via b") { grain in
                await stage.latch("reading").wait()
                return try await grain.context.grain(Probe.self, "b").read("read a")
            }
            stage.on("read a") { grain in try await grain.context.grain(Probe.self, "a").read("end") }
            stage.on("end") { _ in "end" }
            async let read = silo.probe("a").read("via b")
            await stage.latch("reading").arrived()
            async let written = silo.probe("a").run("end")
            await silo.waiting(1)
            stage.latch("reading").open()
            try await #expect(read == "end")
            try await #expect(written == "end")
        }
    }

    @Test func `C4: two chains that cross are found by the probe after 200 ms, and one of them goes on`() async throws {
        let time = ManualTimeSource()
        try await withSilo(time: time) { silo, stage in
            for (own, other) in [("a", "b"), ("b", "a")] {
                stage.on("cross from \(own)") { grain in
                    await stage.latch(own).wait()
                    return try await grain.context.grain(Probe.self, other).run("end")
                }
            }
            stage.on("end") { _ in "end" }
            let calls = ["a", "b"].map { key in Task { try await silo.probe(key).run("cross from \(key)") } }
            await stage.latch("a").arrived()
            await stage.latch("b").arrived()
            stage.latch("a").open()
            await silo.waiting(1)
            stage.latch("b").open()
            await silo.waiting(2)
            await time.sleepers(atLeast: 3)
            await time.advance(by: .milliseconds(260), in: .milliseconds(20))
            var found: [GrainError] = []
            var answers: [String] = []
            for call in calls {
                do { answers.append(try await call.value) } catch let error as GrainError { found.append(error) }
            }
            #expect(answers == ["end"])
            #expect(found.map(\.code) == [.deadlock])
            #expect(found.first.map { Set($0.chain.map(\.key)) } == ["a", "b"])
            #expect(found.first?.chain.count == 3)
        }
    }

    @Test func `C4: a crossing is found behind the second of two readers`() async throws {
        let time = ManualTimeSource()
        try await withSilo(time: time) { silo, stage in
            stage.on("wait at x") { grain in
                await stage.latch("first").wait()
                return try await grain.context.grain(Probe.self, "x").run("end")
            }
            stage.on("hold x") { _ in
                await stage.latch("x").wait()
                return ""
            }
            stage.on("wait at b") { grain in
                await stage.latch("second").wait()
                return try await grain.context.grain(Probe.self, "b").run("end")
            }
            stage.on("hold b") { grain in
                await stage.latch("b").wait()
                return try await grain.context.grain(Probe.self, "a").run("end")
            }
            stage.on("end") { _ in "end" }
            let holder = Task { try await silo.probe("x").run("hold x") }
            let first = Task { try await silo.probe("a").read("wait at x") }
            await stage.latch("first").arrived()
            let second = Task { try await silo.probe("a").read("wait at b") }
            let crossing = Task { try await silo.probe("b").run("hold b") }
            await stage.latch("second").arrived()
            await stage.latch("x").arrived()
            await stage.latch("b").arrived()
            stage.latch("first").open()
            await silo.waiting(1)
            stage.latch("second").open()
            await silo.waiting(2)
            stage.latch("b").open()
            await silo.waiting(3)
            await time.sleepers(atLeast: 3)
            await time.advance(by: .milliseconds(260), in: .milliseconds(20))
            let outcomes = [await second.result, await crossing.result]
            let codes = outcomes.map { outcome in
                if case .failure(let error) = outcome { return (error as? GrainError)?.code }
                return nil
            }
            #expect(codes.filter { $0 == .deadlock }.count == 1)
            stage.latch("x").open()
            #expect(try await first.value == "end")
            _ = try await holder.value
        }
    }

    @Test func `calls that only wait long are no circle`() async throws {
        let time = ManualTimeSource()
        try await withSilo(time: time) { silo, stage in
            stage.on("hold") { _ in
                await stage.latch("hold").wait()
                return ""
            }
            stage.on("to a") { grain in try await grain.context.grain(Probe.self, "a").run("end") }
            stage.on("end") { _ in "end" }
            let holder = Task { try await silo.probe("a").run("hold") }
            await stage.latch("hold").arrived()
            let chain = Task { try await silo.probe("b").run("to a") }
            await silo.waiting(1)
            await time.sleepers(atLeast: 3)
            await time.advance(by: .seconds(5), in: .milliseconds(100))
            stage.latch("hold").open()
            #expect(try await chain.value == "end")
            _ = try await holder.value
        }
    }

    @Test func `an activation that calls back to its own grain is told so at once`() async throws {
        try await withSilo(time: ManualTimeSource()) { silo, stage in
            stage.onActivate { grain in
                guard grain.context.key == "a" else { return }
                _ = try await grain.context.grain(Probe.self, "b").run("to a")
            }
            stage.on("to a") { grain in try await String(grain.context.grain(Probe.self, "a").ping()) }
            let error = await grainError { try await silo.probe("a").ping() }
            #expect(error?.code == .deadlock)
        }
    }

    @Test func `activations that cross are found`() async throws {
        let time = ManualTimeSource()
        try await withSilo(time: time) { silo, stage in
            stage.onActivate { grain in
                let key = grain.context.key
                guard grain.number == 1 else { return }
                await stage.latch(key).wait()
                _ = try await grain.context.grain(Probe.self, key == "a" ? "b" : "a").ping()
            }
            let calls = ["a", "b"].map { key in Task { try await silo.probe(key).ping() } }
            await stage.latch("a").arrived()
            await stage.latch("b").arrived()
            stage.latch("a").open()
            stage.latch("b").open()
            // The two callers, and the two activations.
            await silo.waiting(4)
            await time.sleepers(atLeast: 3)
            await time.advance(by: .milliseconds(260), in: .milliseconds(20))
            var failures = 0
            for call in calls {
                if case .failure(let error) = await call.result {
                    #expect((error as? GrainError)?.code == .deadlock)
                    failures += 1
                }
            }
            // The youngest call fails; where it was made by activate(), its activation fails, and those who wait for that.
            #expect(failures >= 1)
            stage.onActivate { _ in }
            try await #expect(silo.probe("a").ping() >= 1)
            try await #expect(silo.probe("b").ping() >= 1)
        }
    }

    @Test func `a task of a grain that calls its own grain runs after the turn`() async throws {
        try await withSilo(time: ManualTimeSource()) { silo, stage in
            stage.on("spawn") { grain in
                let context = grain.context
                // Awaited by the test through its events.
                Task {
                    let answer = try await context.grain(Probe.self, context.key).run("end")
                    stage.events.record(answer)
                }
                await silo.waiting(1)
                stage.events.record("turn ends")
                return ""
            }
            stage.on("end") { _ in "own call ran" }
            _ = try await silo.probe("a").run("spawn")
            await stage.events.wait(for: "own call ran")
            #expect(stage.events.all.suffix(2) == ["turn ends", "own call ran"])
        }
    }

    @Test func `C14: a circle through a child task ends at its deadline, not never`() async throws {
        let time = ManualTimeSource()
        try await withSilo(time: time, settings: { $0.callTimeout = .seconds(2) }) { silo, stage in
            stage.on("fan out") { grain in
                let context = grain.context
                async let answer = context.grain(Probe.self, context.key).run("end")
                return try await answer
            }
            stage.on("end") { _ in "end" }
            let call = Task { try await silo.probe("a").run("fan out") }
            await silo.waiting(1)
            await time.sleepers(atLeast: 3)
            await time.advance(by: .milliseconds(2_100), in: .milliseconds(20))
            let error = await grainError { try await call.value }
            #expect(error?.code == .timeout)
            #expect(error?.message.contains("'run' holds it") == true)
        }
    }
}
