import Granary
import GranaryTesting
import Testing

/// Grain types that keep nothing: several activations for each key.
@Suite(.timeLimit(.minutes(1))) struct WorkerTests {
    private func withWorkers(
        _ limit: Int, time: ManualTimeSource? = nil, settings: (inout SiloConfiguration) -> Void = { _ in },
        _ body: (Silo, Stage) async throws -> Void
    ) async throws {
        try await withSilo(
            time: time, settings: settings,
            probes: GrainOptions(idleAge: .seconds(60), statelessWorkers: .upTo(limit))
        ) { silo, stage in
            stage.on("work") { worker in
                await stage.latch("work").wait()
                return "\(worker.number)"
            }
            stage.on("rest") { worker in
                worker.context.deactivateWhenIdle()
                return "\(worker.number)"
            }
            stage.on("nap") { worker in
                await Task.yield()
                return "\(worker.number)"
            }
            try await body(silo, stage)
        }
    }

    /// Starts calls that hold their worker until the latch "work" opens.
    private func work(_ calls: Int, _ probe: Probe.Reference) -> [Task<String, any Error>] {
        (0..<calls).map { _ in Task { try await probe.run("work") } }
    }

    @Test(arguments: Way.allCases)
    func `C18: calls run beside each other, as many as there may be workers`(way: Way) async throws {
        try await withWorkers(4, settings: way.apply) { silo, stage in
            var calls = work(4, way.probe(silo, "a"))
            await stage.latch("work").arrived(4)
            // One by one: calls that come at the same moment may choose the same worker.
            for waiting in 1...6 {
                calls += work(1, way.probe(silo, "a"))
                await silo.waiting(waiting)
            }
            #expect(stage.latch("work").arrivals == 4)
            #expect(silo.activationCount == 4)
            // Another key has workers of its own.
            try await #expect(way.probe(silo, "b").ping() == 1)
            stage.latch("work").open()
            var served: [String: Int] = [:]
            for call in calls { served[try await call.value, default: 0] += 1 }
            // Those that waited did so where the fewest calls were.
            #expect(served.keys.sorted() == ["1", "2", "3", "4"])
            #expect(served.values.allSatisfy { (2...3).contains($0) })
        }
    }

    @Test func `C18: the limit holds under a hundred bursts at once, and no call fails`() async throws {
        try await withWorkers(4) { silo, stage in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        for _ in 0..<20 {
                            _ = try await silo.probe("a").addSlowly()
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(stage.events.all.count { $0.hasSuffix(" activate") } == 4)
            #expect(silo.activationCount == 4)
        }
    }

    @Test func `C18: the limit holds while workers leave all the time, and no call fails`() async throws {
        try await withWorkers(3) { silo, stage in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<30 {
                    group.addTask {
                        for round in 0..<20 {
                            _ = try await silo.probe("a").run((caller + round) % 3 == 0 ? "rest" : "nap")
                        }
                    }
                }
                try await group.waitForAll()
            }
            var alive = 0
            var most = 0
            for event in stage.events.all {
                if event.hasSuffix(" activate") { alive += 1 }
                if event.hasSuffix(" end") { alive -= 1 }
                most = max(most, alive)
            }
            #expect(most == 3)
            #expect(stage.events.all.count { $0.hasSuffix(" activate") } > 3)
        }
    }

    @Test func `idle workers are called before new ones are made`() async throws {
        try await withWorkers(4) { silo, _ in
            for _ in 0..<10 { try await #expect(silo.probe("a").ping() == 1) }
            #expect(silo.activationCount == 1)
        }
    }

    @Test func `B11: after a burst the workers shrink to one, and then to none, again and again`() async throws {
        let time = ManualTimeSource()
        try await withWorkers(8, time: time) { silo, stage in
            await time.sleepers(atLeast: 3)
            for round in 1...3 {
                let burst = work(1_000, silo.probe("\(round)"))
                await stage.latch("work").arrived(round == 1 ? 8 : 8 + 1_000 * (round - 1))
                if round == 1 {
                    await silo.waiting(992)
                    #expect(silo.activationCount == 8)
                    stage.latch("work").open()
                }
                for call in burst { _ = try await call.value }
                let oldest = try await silo.probe("\(round)").ping()
                for _ in 0..<12 {
                    await time.advance(by: .seconds(10), in: .seconds(5))
                    try await #expect(silo.probe("\(round)").ping() == oldest)
                }
                await eventually { silo.activationCount == 1 }
                await time.advance(by: .seconds(75), in: .seconds(5))
                await eventually { silo.activationCount == 0 }
            }
        }
    }

    @Test func `a worker that leaves holds no call up while another one serves`() async throws {
        try await withWorkers(2) { silo, stage in
            let calls = work(2, silo.probe("a"))
            await stage.latch("work").arrived(2)
            stage.latch("work").open()
            for call in calls { _ = try await call.value }
            stage.onDeactivate { _, _ in await stage.latch("leaving").wait() }
            try await #expect(silo.probe("a").run("rest") == "1")
            await stage.latch("leaving").arrived()
            for _ in 0..<5 { try await #expect(silo.probe("a").ping() == 2) }
            // The one that leaves still counts.
            #expect(silo.activationCount == 2)
            stage.latch("leaving").open()
        }
    }

    @Test func `where the only worker leaves, a call waits for it and then gets a new one`() async throws {
        try await withWorkers(1) { silo, stage in
            stage.onDeactivate { _, _ in await stage.latch("leaving").wait() }
            try await #expect(silo.probe("a").run("rest") == "1")
            await stage.latch("leaving").arrived()
            async let next = silo.probe("a").ping()
            await silo.waiting(1)
            #expect(silo.activationCount == 1)
            stage.latch("leaving").open()
            try await #expect(next == 2)
        }
    }

    @Test func `deactivating a grain ends all of its workers and no others`() async throws {
        try await withWorkers(3) { silo, stage in
            let calls = work(3, silo.probe("a"))
            _ = try await silo.probe("b").ping()
            await stage.latch("work").arrived(3)
            stage.latch("work").open()
            for call in calls { _ = try await call.value }
            await silo.deactivate(silo.probe("a"))
            #expect(silo.activationCount == 1)
            #expect(stage.events.all.filter { $0.hasPrefix("a#") && $0.hasSuffix("deactivate requested") }.count == 3)
        }
    }

    @Test func `a drain serves the calls that wait for workers, and ends every worker once`() async throws {
        try await withWorkers(2) { silo, stage in
            let calls = work(5, silo.probe("a"))
            await stage.latch("work").arrived(2)
            await silo.waiting(3)
            async let drained: Void = silo.shutDown()
            await eventually { !silo.isReady }
            stage.latch("work").open()
            for call in calls { _ = try await call.value }
            try await drained
            #expect(silo.drainReport?.ended == 2)
            #expect(silo.drainReport?.abandoned == 0)
        }
    }

    @Test func `workers count against the limit of activations`() async throws {
        let time = ManualTimeSource()
        try await withWorkers(4, time: time, settings: { $0.activationLimit = 5 }) { silo, stage in
            await time.sleepers(atLeast: 3)
            let calls = work(4, silo.probe("a"))
            await stage.latch("work").arrived(4)
            stage.latch("work").open()
            for call in calls { _ = try await call.value }
            for key in ["b", "c", "d"] {
                await time.advance(by: .milliseconds(40), in: .milliseconds(20))
                _ = try await silo.probe(key).ping()
            }
            await eventually { silo.activationCount == 5 }
            await stage.events.wait { $0.filter { $0.hasSuffix("deactivate capacity") }.count == 2 }
            #expect(stage.events.all.filter { $0.hasSuffix("deactivate capacity") }.allSatisfy { $0.hasPrefix("a#") })
        }
    }

    @Test func `the watchdog names a worker whose turn runs for long`() async throws {
        let time = ManualTimeSource()
        let log = LogRecorder()
        try await withSilo(
            time: time, logger: log.logger, probes: GrainOptions(statelessWorkers: .upTo(2))
        ) { silo, stage in
            await time.sleepers(atLeast: 3)
            stage.on("work") { _ in
                await stage.latch("work").wait()
                return ""
            }
            let calls = work(2, silo.probe("a"))
            await stage.latch("work").arrived(2)
            await time.advance(by: .seconds(25), in: .seconds(1))
            await log.lines.wait { $0.filter { $0.contains("a turn runs for long") }.count >= 2 }
            stage.latch("work").open()
            for call in calls { _ = try await call.value }
        }
    }

    @Test func `an initialiser that throws fails its call, and the next call tries again`() async throws {
        try await withWorkers(2) { silo, stage in
            stage.onMake { _ in throw NamedError(text: "not yet") }
            await #expect(throws: NamedError(text: "not yet")) { try await silo.probe("a").ping() }
            stage.onMake { _ in }
            stage.onActivate { _ in throw NamedError(text: "nor now") }
            await #expect(throws: NamedError(text: "nor now")) { try await silo.probe("a").ping() }
            #expect(silo.activationCount == 0)
            stage.onActivate { _ in }
            _ = try await silo.probe("a").ping()
            #expect(silo.activationCount == 1)
        }
    }

    @Test func `a worker may call its own key while another worker may be had, and is told when not`() async throws {
        for limit in [1, 2] {
            try await withWorkers(limit) { silo, stage in
                stage.on("call own key") { worker in
                    "\(try await worker.context.reference.ping())"
                }
                if limit == 1 {
                    let error = await grainError { try await silo.probe("a").run("call own key") }
                    #expect(error?.code == .deadlock)
                } else {
                    try await #expect(silo.probe("a").run("call own key") == "2")
                }
            }
        }
    }

    @Test func `a cancelled call that waits for a worker leaves no trace`() async throws {
        try await withWorkers(2) { silo, stage in
            let running = work(2, silo.probe("a"))
            await stage.latch("work").arrived(2)
            let waiting = work(4, silo.probe("a"))
            await silo.waiting(4)
            for call in waiting { call.cancel() }
            for call in waiting { await #expect(throws: CancellationError.self) { try await call.value } }
            stage.latch("work").open()
            for call in running { _ = try await call.value }
            #expect(stage.latch("work").arrivals == 2)
            // All workers are idle again: the oldest one is called.
            try await #expect(silo.probe("a").ping() == 1)
        }
    }

    @Test func `workers with a state, or without a number, are refused at the start`() async throws {
        let stored = Silo(logger: .quiet) {
            OtherProbe.hosted(options: GrainOptions(statelessWorkers: .perProcessor))
        }
        let error = await grainError { try await stored.start() }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("'other' has stateless workers and a state, 'value'") == true)
        let none = Silo(logger: .quiet) { Speck.hosted(options: GrainOptions(statelessWorkers: .upTo(0))) }
        let other = await grainError { try await none.start() }
        #expect(other?.code == .configuration)
        #expect(other?.message.contains("must be at least 1") == true)
    }
}
