import FoundationEssentials
import Granary
import GranaryRuntime
import GranaryTesting
import Synchronization
import Testing

/// Memory as a test says it is.
private final class FakeMemory: MemorySource {
    private let used = Mutex<UInt64>(0)
    let events = EventRecorder<String>()

    func use(_ percent: UInt64) { used.withLock { $0 = percent } }

    func read() -> MemoryReading? {
        events.record("read")
        return MemoryReading(used: used.withLock(\.self), available: 100)
    }

    func trim() { events.record("trim") }
}

@Suite(.timeLimit(.minutes(1))) struct MemoryTests {
    private let pressure = MemoryPressure(limit: 80, target: 75)
    private let short = MemoryReading(used: 90, available: 100)

    @Test(arguments: [0, 1, 2, 5, 6, 7, 12, 13, 100, 1_000, 999_983])
    func `B10: at 90 percent exactly N - floor(N x 75/90) are too many`(count: Int) {
        #expect(pressure.excess(of: count, at: short) == count - count * 75 / 90)
    }

    @Test func `B10: within the limit none are too many`() {
        #expect(pressure.excess(of: 1_000, at: MemoryReading(used: 80, available: 100)) == 0)
        #expect(pressure.excess(of: 1_000, at: MemoryReading(used: 801, available: 1_000)) == 64)
        #expect(pressure.excess(of: 1_000, at: MemoryReading(used: 0, available: 0)) == 0)
    }

    @Test func `B10: exactly so many leave, the earliest due first, and busy ones stay`() async throws {
        let time = ManualTimeSource()
        try await withSilo(
            time: time, settings: { $0.idleAge = .seconds(600) }, also: { ShortLivedProbe.self }
        ) { silo, stage in
            await time.sleepers(atLeast: 3)
            stage.on("work") { _ in
                await stage.latch("work").wait()
                return ""
            }
            let busy = Task { try await silo.probe("0").run("work") }
            await stage.latch("work").arrived()
            for key in 1..<10 {
                await time.advance(by: .milliseconds(20), in: .milliseconds(20))
                _ = try await silo.probe("\(key)").ping()
            }
            // Used last, but idle for long enough in a minute.
            for key in ["a", "b"] { _ = try await silo.grain(ShortLivedProbe.self, key).ping() }
            await time.advance(by: .milliseconds(20), in: .milliseconds(20))
            await #expect(silo.runtime.shed(pressure, at: short) == 2)
            await eventually { silo.activationCount == 10 }
            #expect(!stage.events.all.contains { $0.contains("deactivate") })

            await #expect(silo.runtime.shed(pressure, at: short) == 2)
            await eventually { silo.activationCount == 8 }
            #expect(
                Set(stage.events.all.filter { $0.contains("deactivate") })
                    == ["1#1 deactivate memory", "2#1 deactivate memory"])
            #expect(stage.latch("work").arrivals == 1)
            stage.latch("work").open()
            _ = try await busy.value
        }
    }

    @Test func `B10: where all are busy none leave, and the look at them ends`() async throws {
        let time = ManualTimeSource()
        try await withSilo(time: time) { silo, stage in
            await time.sleepers(atLeast: 3)
            stage.on("work") { _ in
                await stage.latch("work").wait()
                return ""
            }
            let busy = (0..<12).map { key in Task { try await silo.probe("\(key)").run("work") } }
            await stage.latch("work").arrived(12)
            await #expect(silo.runtime.shed(pressure, at: short) == 0)
            #expect(silo.activationCount == 12)
            stage.latch("work").open()
            for call in busy { _ = try await call.value }
        }
    }

    @Test func `B10: activations that come and go meanwhile disturb nothing`() async throws {
        try await withSilo(also: { Speck.self }) { silo, _ in
            let done = Flag()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    while !done.isRaised {
                        _ = await silo.runtime.shed(pressure, at: short)
                        await Task.yield()
                    }
                }
                try await withThrowingTaskGroup(of: Void.self) { callers in
                    for caller in 0..<8 {
                        callers.addTask {
                            for round in 0..<500 {
                                let speck = silo.grain(Speck.self, (caller * 131 + round) % 300)
                                try await #expect(speck.touch() == speck.key)
                                if round % 7 == 0 { await silo.deactivate(speck) }
                            }
                        }
                    }
                    try await callers.waitForAll()
                }
                done.raise()
                try await group.waitForAll()
            }
        }
    }

    @Test func `B10: a silo with a limit looks at its memory and hands back what was freed`() async throws {
        let time = ManualTimeSource()
        let memory = FakeMemory()
        try await withSilo(time: time, settings: { $0.memoryLimit = 80 }) { silo, stage in
            silo.runtime.memory = memory
            await time.sleepers(atLeast: 4)
            for key in 0..<12 { _ = try await silo.probe("\(key)").ping() }
            memory.use(79)
            await time.advance(by: .seconds(5), in: .seconds(1))
            await memory.events.wait(forCount: 1)
            #expect(silo.activationCount == 12)
            memory.use(90)
            await time.advance(by: .seconds(5), in: .seconds(1))
            await eventually { silo.activationCount == 10 }
            memory.use(75)
            await time.advance(by: .seconds(5), in: .seconds(1))
            await memory.events.wait(for: "trim")
            await time.advance(by: .seconds(10), in: .seconds(1))
            #expect(silo.activationCount == 10)
            #expect(memory.events.all.count { $0 == "trim" } == 1)
        }
    }

    @Test func `a target above the limit is refused at the start`() async throws {
        var configuration = SiloConfiguration()
        configuration.memoryLimit = 70
        let silo = Silo(configuration: configuration, logger: .quiet) { Speck.self }
        let error = await grainError { try await silo.start() }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("granary.memory-target 75") == true)
    }
}

@Suite struct ProcessMemoryTests {
    /// A folder that stands for the root of the file system.
    private func withRoot(_ files: [String: String], _ body: (ProcessMemory) -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "granary-memory-\(UUID())")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: false, encoding: .utf8)
        }
        body(ProcessMemory(root: root.path, pageSize: 4_096))
    }

    private let machine = [
        "proc/self/statm": "5000 1000 300 1 0 2000 0\n",
        "proc/meminfo": "MemTotal:       16384 kB\nMemFree:         100 kB\n",
    ]

    @Test func `without a group the machine's memory counts`() throws {
        try withRoot(machine) { memory in
            #expect(memory.read() == MemoryReading(used: 4_096_000, available: 16_777_216))
        }
    }

    @Test func `the least limit of the groups around the process counts`() throws {
        let group = [
            "proc/self/cgroup": "0::/shop/web\n", "sys/fs/cgroup/shop/web/memory.max": "max\n",
            "sys/fs/cgroup/shop/memory.max": "8388608\n",
        ]
        try withRoot(machine.merging(group) { $1 }) { memory in
            #expect(memory.read()?.available == 8_388_608)
        }
        // In a container the path is that of the machine, and the limit stands at the root.
        let container = ["proc/self/cgroup": "0::/pod/1\n", "sys/fs/cgroup/memory.max": "4194304\n"]
        try withRoot(machine.merging(container) { $1 }) { memory in
            #expect(memory.read()?.available == 4_194_304)
        }
    }

    @Test func `groups of version 1 count, and a limit that is none does not`() throws {
        let group = [
            "proc/self/cgroup": "5:cpu,memory:/shop\n2:pids:/\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "sys/fs/cgroup/memory/shop/memory.limit_in_bytes": "2097152\n",
        ]
        try withRoot(machine.merging(group) { $1 }) { memory in
            #expect(memory.read()?.available == 2_097_152)
        }
    }

    @Test func `where the system does not tell there is no reading`() throws {
        try withRoot([:]) { #expect($0.read() == nil) }
    }

    #if os(Linux)
    @Test func `this process has memory`() throws {
        let reading = try #require(ProcessMemory().read())
        #expect(reading.used > 1 << 20)
        #expect(reading.used < reading.available)
    }
    #endif
}
