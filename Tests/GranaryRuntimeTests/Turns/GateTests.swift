import Granary
import GranaryTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct GateTests {
    @Test(arguments: [false, true])
    func `C1: increments with a pause inside add up`(isolated: Bool) async throws {
        try await withSilo(settings: { $0.isolatesCalls = isolated }) { silo, _ in
            // Calls to a new grain queue while it is activated; at one that is there each finds the gate as it is.
            _ = try await silo.probe("there").ping()
            for key in ["new", "there"] {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<200 { group.addTask { _ = try await silo.probe(key).addSlowly() } }
                    try await group.waitForAll()
                }
                #expect(try await silo.probe(key).current() == 200)
            }
        }
    }

    @Test func `C1: a synchronous call waits for a turn that is suspended`() async throws {
        try await withSilo { silo, stage in
            stage.on("slow") { grain in
                grain.value = 1
                await stage.latch("slow").wait()
                grain.value += 1
                return "\(grain.value)"
            }
            async let slow = silo.probe("a").run("slow")
            await stage.latch("slow").arrived()
            async let seen = silo.probe("a").current()
            await silo.waiting(1)
            stage.latch("slow").open()
            try await #expect(slow == "2")
            try await #expect(seen == 2)
        }
    }

    @Test func `calls wait in the order of their arrival`() async throws {
        try await withSilo { silo, stage in
            stage.on("block") { _ in
                await stage.latch("block").wait()
                return ""
            }
            for name in 0..<20 {
                stage.on("\(name)") { _ in
                    stage.events.record("\(name)")
                    return ""
                }
            }
            let probe = silo.probe("a")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await probe.run("block") }
                await stage.latch("block").arrived()
                for name in 0..<20 {
                    group.addTask { _ = try await probe.run("\(name)") }
                    await silo.waiting(name + 1)
                }
                stage.latch("block").open()
                try await group.waitForAll()
            }
            #expect(stage.events.all.dropFirst() == (0..<20).map { "\($0)" }[...])
        }
    }

    @Test func `C9: read-only turns overlap, a writer waits, and a later reader waits behind the writer`()
        async throws
    {
        try await withSilo { silo, stage in
            for name in ["r1", "r2", "w", "r3"] {
                stage.on(name) { _ in
                    stage.events.record("\(name) begins")
                    await stage.latch(name).wait()
                    stage.events.record("\(name) ends")
                    return ""
                }
            }
            let probe = silo.probe("a")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await probe.read("r1") }
                await stage.latch("r1").arrived()
                group.addTask { _ = try await probe.read("r2") }
                await stage.latch("r2").arrived()
                group.addTask { _ = try await probe.run("w") }
                await silo.waiting(1)
                group.addTask { _ = try await probe.read("r3") }
                await silo.waiting(2)
                #expect(stage.latch("w").arrivals == 0)
                #expect(stage.latch("r3").arrivals == 0)
                stage.latch("r1").open()
                await stage.events.wait(for: "r1 ends")
                #expect(stage.latch("w").arrivals == 0)
                stage.latch("r2").open()
                await stage.latch("w").arrived()
                #expect(stage.latch("r3").arrivals == 0)
                stage.latch("w").open()
                await stage.latch("r3").arrived()
                stage.latch("r3").open()
                try await group.waitForAll()
            }
            #expect(
                stage.events.all.dropFirst() == [
                    "r1 begins", "r2 begins", "r1 ends", "r2 ends", "w begins", "w ends", "r3 begins", "r3 ends",
                ])
        }
    }

    @Test func `C9: waiting readers go in together`() async throws {
        try await withSilo { silo, stage in
            stage.on("write") { _ in
                await stage.latch("write").wait()
                return ""
            }
            stage.on("read") { _ in
                await stage.latch("read").wait()
                return ""
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await silo.probe("a").run("write") }
                await stage.latch("write").arrived()
                for _ in 0..<5 { group.addTask { _ = try await silo.probe("a").read("read") } }
                await silo.waiting(5)
                stage.latch("write").open()
                await stage.latch("read").arrived(5)
                stage.latch("read").open()
                try await group.waitForAll()
            }
        }
    }

    @Test func `C9: a synchronous read-only call waits for a writer`() async throws {
        try await withSilo { silo, stage in
            stage.on("write") { grain in
                grain.value = 1
                await stage.latch("write").wait()
                grain.value = 2
                return ""
            }
            stage.onNow("value") { grain in "\(grain.value)" }
            async let written = silo.probe("a").run("write")
            await stage.latch("write").arrived()
            async let seen = silo.probe("a").peek("value")
            await silo.waiting(1)
            stage.latch("write").open()
            #expect(try await seen == "2")
            _ = try await written
        }
    }

    @Test func `C9: a reader that gave up does not hold others back`() async throws {
        try await withSilo { silo, stage in
            stage.on("read") { _ in
                await stage.latch("read").wait()
                return ""
            }
            stage.on("write") { _ in "" }
            stage.on("quick") { _ in "read" }
            async let reading = silo.probe("a").read("read")
            await stage.latch("read").arrived()
            let writer = Task { try await silo.probe("a").run("write") }
            await silo.waiting(1)
            writer.cancel()
            await #expect(throws: CancellationError.self) { try await writer.value }
            #expect(try await silo.probe("a").read("quick") == "read")
            stage.latch("read").open()
            _ = try await reading
        }
    }

    @Test func `C13: a fan-out of many calls completes`() async throws {
        try await withSilo { silo, stage in
            stage.on("fan out") { grain in
                let context = grain.context
                return try await withThrowingTaskGroup(of: Int.self) { group in
                    for leaf in 0..<50 {
                        group.addTask { try await context.grain(Probe.self, "leaf \(leaf % 10)").addSlowly() }
                    }
                    var count = 0
                    for try await _ in group { count += 1 }
                    return "\(count)"
                }
            }
            for _ in 0..<5 { try await #expect(silo.probe("root").run("fan out") == "50") }
            try await #expect(silo.probe("leaf 3").current() == 25)
        }
    }

    @Test(arguments: [false, true])
    func `C15: a full queue refuses at once, and accepted calls finish`(isolated: Bool) async throws {
        try await withSilo(
            settings: {
                $0.queueLimit = 3
                $0.isolatesCalls = isolated
            }
        ) { silo, stage in
            stage.on("block") { _ in
                await stage.latch("block").wait()
                return ""
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await silo.probe("a").run("block") }
                await stage.latch("block").arrived()
                for _ in 0..<3 { group.addTask { _ = try await silo.probe("a").addSlowly() } }
                await silo.waiting(3)
                for _ in 0..<2 {
                    let error = await grainError { try await silo.probe("a").addSlowly() }
                    #expect(error?.code == .overloaded)
                    #expect(error?.grain?.key == "a")
                }
                stage.latch("block").open()
                try await group.waitForAll()
            }
            #expect(try await silo.probe("a").current() == 3)
        }
    }

    @Test func `C15: calls that gave up make room in the queue`() async throws {
        try await withSilo(settings: { $0.queueLimit = 2 }) { silo, stage in
            stage.on("block") { _ in
                await stage.latch("block").wait()
                return ""
            }
            async let blocked = silo.probe("a").run("block")
            await stage.latch("block").arrived()
            let first = Task { try await silo.probe("a").addSlowly() }
            let second = Task { try await silo.probe("a").addSlowly() }
            await silo.waiting(2)
            first.cancel()
            await #expect(throws: CancellationError.self) { try await first.value }
            let third = Task { try await silo.probe("a").addSlowly() }
            await silo.waiting(2)
            stage.latch("block").open()
            #expect(try await Set([second.value, third.value]) == [1, 2])
            _ = try await blocked
        }
    }

    @Test func `C15: a type's own queue limit counts`() async throws {
        try await withSilo(also: { NarrowProbe.self }) { silo, _ in
            let narrow = silo.grain(NarrowProbe.self, "a")
            async let first = narrow.hold()
            await NarrowProbe.latch.arrived()
            async let second = narrow.hold()
            await silo.waiting(1)
            let error = await grainError { try await narrow.hold() }
            #expect(error?.code == .overloaded)
            NarrowProbe.latch.open()
            _ = try await (first, second)
        }
    }
}

@Grain("narrow") actor NarrowProbe {
    static let options = GrainOptions(queueLimit: 1)
    static let latch = Latch()

    func hold() async -> Int {
        await Self.latch.wait()
        return 1
    }
}
