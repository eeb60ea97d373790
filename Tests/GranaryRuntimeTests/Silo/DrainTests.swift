import Dispatch
import Granary
import GranaryCore
import GranaryTesting
import ServiceLifecycle
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct DrainTests {
    private func makeSilo(
        _ stage: Stage, time: any TimeSource = SystemTimeSource(), logger: LogRecorder = LogRecorder(),
        settings: (inout SiloConfiguration) -> Void = { _ in }
    ) -> Silo {
        var configuration = SiloConfiguration()
        settings(&configuration)
        return Silo(configuration: configuration, logger: logger.logger, time: time) {
            Probe.hosted { context in try Probe(context: context, stage: stage) }
            OtherProbe.self
        }
    }

    @Test func `C52: a drain deactivates every live grain once, and no other`() async throws {
        let stage = Stage()
        let silo = makeSilo(stage)
        try await silo.start()
        for key in 0..<20 { _ = try await silo.probe("\(key)").ping() }
        await silo.deactivate(silo.probe("7"))
        try await silo.shutDown()
        let ends = stage.events.all.filter { $0.hasSuffix("deactivate draining") }
        #expect(ends.count == 19)
        #expect(Set(ends).count == 19)
        #expect(silo.activationCount == 0)
        #expect(silo.drainReport?.ended == 19)
        #expect(silo.drainReport?.abandoned == 0)
        #expect(!silo.isReady)
    }

    @Test func `G8: a running turn finishes, and the grains it calls are still activated`() async throws {
        let stage = Stage()
        let silo = makeSilo(stage)
        stage.on("long") { grain in
            await stage.latch("long").wait()
            return try await String(grain.context.grain(Probe.self, "cold").ping())
        }
        try await silo.start()
        async let long = silo.probe("a").run("long")
        await stage.latch("long").arrived()
        async let stopped: Void = silo.shutDown()
        await eventually { silo.runtime.currentPhase == .draining }
        for cold in [silo.probe("outside"), silo.probe("outside").within(.seconds(5))] {
            let error = await grainError { try await cold.ping() }
            #expect(error?.code == .siloUnavailable)
        }
        let named = await grainError { try await silo.grain(ProbeAPIReference.self, "outside").ping() }
        #expect(named?.code == .siloUnavailable)
        stage.latch("long").open()
        #expect(try await long == "1")
        try await stopped
        #expect(stage.events.all.contains("cold#1 deactivate draining"))
        #expect(stage.events.all.contains("a#1 end"))
        #expect(!stage.events.all.contains("outside#1 activate"))
        let after = await grainError { try await silo.probe("a").ping() }
        #expect(after?.code == .siloUnavailable)
    }

    @Test func `a child task of a grain counts as somebody from outside in a drain`() async throws {
        let stage = Stage()
        let silo = makeSilo(stage)
        stage.on("forks") { grain in
            await stage.latch("forks").wait()
            let cold = grain.context.grain(Probe.self, "cold")
            async let answer = cold.ping()
            return try await String(answer)
        }
        try await silo.start()
        let fork = Task { try await silo.probe("a").run("forks") }
        await stage.latch("forks").arrived()
        async let stopped: Void = silo.shutDown()
        await eventually { silo.runtime.currentPhase == .draining }
        stage.latch("forks").open()
        let error = await grainError { try await fork.value }
        #expect(error?.code == .siloUnavailable)
        try await stopped
    }

    @Test func `G8: calls that wait when the drain begins are served, later ones are not`() async throws {
        let stage = Stage()
        let silo = makeSilo(stage)
        stage.on("long") { _ in
            await stage.latch("long").wait()
            return "long"
        }
        stage.on("short") { _ in "short" }
        try await silo.start()
        let long = Task { try await silo.probe("a").run("long") }
        await stage.latch("long").arrived()
        let queued = (0..<3).map { _ in Task { try await silo.probe("a").run("short") } }
        await silo.waiting(3)
        let stopped = Task { try await silo.shutDown() }
        await eventually { silo.runtime.currentPhase == .draining }
        // The drain has reached the grain once its wish to end is noted; a call that comes now comes too late.
        let host: GrainHost<Probe> = silo.runtime._host(Probe.self)
        let grain = try #require(host.activations.first)
        await eventually { await grain._isLeaving }
        let late = Task { try await silo.probe("a").run("short") }
        await silo.waiting(4)
        stage.latch("long").open()
        #expect(try await long.value == "long")
        for call in queued { try await #expect(call.value == "short") }
        let error = await grainError { try await late.value }
        #expect(error?.code == .siloUnavailable)
        try await stopped.value
    }

    @Test func `G8: a drain waits for an initialiser that runs, and ends what it makes`() async throws {
        let stage = Stage()
        let time = ManualTimeSource()
        let silo = makeSilo(stage, time: time)
        let (begun, stopped, go) = (Flag(), Flag(), DispatchSemaphore(value: 0))
        stage.onMake { _ in
            begun.raise()
            go.wait()
        }
        try await silo.start()
        // The initialiser blocks its thread, so it has one of its own.
        let thread = ThreadExecutor(named: "initialiser")
        try thread.start()
        defer { thread.stop() }
        let call = Task(executorPreference: thread) { try await silo.probe("a").ping() }
        await eventually { begun.isRaised }
        let stopping = Task {
            try await silo.shutDown()
            stopped.raise()
        }
        // The drain sleeps beside the silo's three timers before it looks again.
        await eventually { time.sleeperCount >= 4 || stopped.isRaised }
        #expect(!stopped.isRaised)
        go.signal()
        #expect(try await call.value == 1)
        try await time.run(in: .milliseconds(5)) { try await stopping.value }
        #expect(silo.activationCount == 0)
        #expect(silo.drainReport?.ended == 1)
        #expect(stage.events.all.last == "a#1 end")
    }

    @Test func `C54, G9: a turn that outlives the grace period is abandoned, reported and named`() async throws {
        let stage = Stage()
        let time = ManualTimeSource()
        let log = LogRecorder()
        let silo = makeSilo(stage, time: time, logger: log) { $0.drainTimeout = .seconds(2) }
        stage.on("stuck") { _ in
            await stage.latch("stuck").wait()
            return ""
        }
        try await silo.start()
        let stuck = Task { try await silo.probe("a").run("stuck") }
        await stage.latch("stuck").arrived()
        _ = try await silo.probe("b").ping()
        let stopped = Task { try await silo.shutDown() }
        await stage.events.wait(for: "b#1 end")
        await time.sleepers(atLeast: 4)
        await time.advance(by: .milliseconds(1_900), in: .milliseconds(100))
        #expect(silo.drainReport == nil)
        try await time.run(in: .milliseconds(20)) { try await stopped.value }
        #expect(silo.drainReport?.abandoned == 1)
        #expect(silo.drainReport?.ended == 1)
        #expect(log.lines.all.contains { $0.contains("outlived the drain") && $0.contains("grain=probe/a") })
        stage.latch("stuck").open()
        _ = try? await stuck.value
    }

    @Test func `C17, G9: a hanging deactivate() is abandoned after its time, and the next activation serves`()
        async throws
    {
        let stage = Stage()
        let time = ManualTimeSource()
        let log = LogRecorder()
        let silo = makeSilo(stage, time: time, logger: log) { $0.deactivationTimeout = .seconds(3) }
        stage.onDeactivate { grain, _ in
            if grain.number == 1 { await stage.latch("hanging").wait() }
        }
        try await silo.start()
        _ = try await silo.probe("a").ping()
        let gone = Task { await silo.deactivate(silo.probe("a")) }
        await stage.latch("hanging").arrived()
        let next = Task { try await silo.probe("a").ping() }
        await silo.waiting(1)
        await time.sleepers(atLeast: 3)
        await time.advance(by: .milliseconds(2_900), in: .milliseconds(100))
        #expect(silo.waitingCalls == 1)
        await time.advance(by: .milliseconds(200), in: .milliseconds(100))
        #expect(try await next.value == 2)
        await gone.value
        await log.lines.wait { lines in
            lines.contains { $0.contains("deactivate() took too long") && $0.contains("grain=probe/a") }
        }
        // The hook still hangs; a stop must not wait for it for ever.
        try await time.run(in: .milliseconds(20)) { try await silo.shutDown() }
        stage.latch("hanging").open()
    }

    @Test func `G9: a deactivate() that hangs during the drain is not reported as success`() async throws {
        let stage = Stage()
        let time = ManualTimeSource()
        let silo = makeSilo(stage, time: time) { $0.deactivationTimeout = .seconds(3) }
        stage.onDeactivate { _, _ in await stage.latch("hanging").wait() }
        try await silo.start()
        _ = try await silo.probe("a").ping()
        try await time.run(in: .milliseconds(20)) { try await silo.shutDown() }
        #expect(silo.drainReport?.ended == 0)
        #expect(silo.drainReport?.abandoned == 1)
        stage.latch("hanging").open()
    }

    @Test func `calls that come before the start wait for it`() async throws {
        let stage = Stage()
        let silo = makeSilo(stage)
        let calls = (0..<10).map { key in Task { try await silo.probe("\(key)").ping() } }
        await eventually { silo.runtime.waitingForStart == 10 }
        #expect(stage.events.all.isEmpty)
        try await silo.start()
        for call in calls { #expect(try await call.value == 1) }
        try await silo.shutDown()
    }

    @Test func `a call to a silo that never starts ends in time`() async throws {
        let time = ManualTimeSource()
        let silo = makeSilo(Stage(), time: time) { $0.callTimeout = .seconds(4) }
        let call = Task { try await silo.probe("a").ping() }
        await time.sleepers(atLeast: 1)
        time.advance(by: .seconds(3))
        #expect(silo.runtime.waitingForStart == 1)
        time.advance(by: .seconds(2))
        let error = await grainError { try await call.value }
        #expect(error?.code == .timeout)
        #expect(error?.message.contains("run()") == true)
    }

    @Test func `a call to a silo that has not started can be cancelled`() async throws {
        let silo = makeSilo(Stage())
        let call = Task { try await silo.probe("a").ping() }
        await eventually { silo.runtime.waitingForStart == 1 }
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
    }

    @Test func `time before the start does not count against calls`() async throws {
        let time = ManualTimeSource()
        let stage = Stage()
        let silo = makeSilo(stage, time: time) { $0.callTimeout = .seconds(4) }
        time.advance(by: .seconds(3_600))
        stage.onActivate { _ in await stage.latch("activate").wait() }
        let call = Task { try await silo.probe("a").ping() }
        await eventually { silo.runtime.waitingForStart == 1 }
        try await silo.start()
        await time.sleepers(atLeast: 3)
        await silo.waiting(1)
        await time.advance(by: .seconds(1), in: .milliseconds(20))
        #expect(silo.waitingCalls == 1)
        stage.latch("activate").open()
        #expect(try await call.value == 1)
        try await time.run(in: .milliseconds(20)) { try await silo.shutDown() }
    }

    @Test func `two hosted types of one name are refused at the start`() async throws {
        let silo = Silo(logger: .quiet) {
            NamesakeProbe.self
            SecondNamesake.self
        }
        let error = await grainError { try await silo.start() }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("'namesake'") == true)
    }

    @Test func `a silo starts once`() async throws {
        let silo = makeSilo(Stage())
        try await silo.start()
        #expect(await grainError { try await silo.start() }?.code == .siloUnavailable)
        try await silo.shutDown()
        #expect(await grainError { try await silo.start() }?.code == .siloUnavailable)
    }

    @Test func `run() drains at a graceful shutdown`() async throws {
        let stage = Stage()
        let silo = makeSilo(stage)
        let group = ServiceGroup(configuration: .init(services: [silo], logger: .quiet))
        let running = Task { try await group.run() }
        #expect(try await silo.probe("a").ping() == 1)
        await group.triggerGracefulShutdown()
        try await running.value
        #expect(stage.events.all.last == "a#1 end")
        #expect(silo.drainReport?.ended == 1)
    }

    @Test func `run() drains when its task is cancelled`() async throws {
        let stage = Stage()
        let silo = makeSilo(stage)
        let running = Task { try await silo.run() }
        stage.onDeactivate { _, _ in for _ in 0..<100 { await Task.yield() } }
        for key in 0..<50 { #expect(try await silo.probe("\(key)").ping() == 1) }
        running.cancel()
        try await running.value
        #expect(silo.drainReport?.ended == 50)
        #expect(silo.drainReport?.abandoned == 0)
    }

    @Test func `a drain that races with first calls leaves no activation behind`() async throws {
        for _ in 0..<30 {
            let stage = Stage()
            let silo = makeSilo(stage)
            try await silo.start()
            await withTaskGroup(of: Void.self) { group in
                for key in 0..<40 {
                    group.addTask {
                        do { _ = try await silo.probe("\(key)").ping() } catch {
                            #expect((error as? GrainError)?.code == .siloUnavailable)
                        }
                    }
                }
                group.addTask { try? await silo.shutDown() }
            }
            #expect(silo.activationCount == 0)
            let begun = stage.events.all.filter { $0.hasSuffix("activate") }.count
            let ended = stage.events.all.filter { $0.hasSuffix("end") }.count
            #expect(begun == ended)
        }
    }
}

@Grain("namesake") actor SecondNamesake {
    func ping() {}
}
