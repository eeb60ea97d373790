import Granary
import GranaryTesting
import Testing

/// Each test runs with plain local calls, with calls that take the way of remote ones, and with a time of their own.
enum Way: CaseIterable, CustomTestStringConvertible {
    case direct, isolated, timed

    var testDescription: String { "\(self)" }

    func apply(_ settings: inout SiloConfiguration) { settings.isolatesCalls = self == .isolated }

    func probe(_ silo: Silo, _ key: String) -> Probe.Reference {
        self == .timed ? silo.probe(key).within(.seconds(30)) : silo.probe(key)
    }
}

@Suite(.timeLimit(.minutes(1))) struct CancellationTests {
    @Test(arguments: Way.allCases)
    func `D4: a caller that is cancelled already calls nothing`(way: Way) async throws {
        try await withSilo(settings: way.apply) { silo, stage in
            stage.on("body") { _ in
                stage.events.record("body ran")
                return ""
            }
            _ = try await silo.probe("a").ping()
            for key in ["a", "cold"] {
                let call = Task {
                    await stage.latch("go \(key)").wait()
                    return try await way.probe(silo, key).run("body")
                }
                call.cancel()
                stage.latch("go \(key)").open()
                await #expect(throws: CancellationError.self) { try await call.value }
            }
            #expect(try await silo.probe("a").ping() == 1)
            #expect(stage.events.all == ["a#1 activate"])
        }
    }

    @Test(arguments: Way.allCases)
    func `D5: a cancelled call that waits for its turn never starts`(way: Way) async throws {
        try await withSilo(settings: way.apply) { silo, stage in
            stage.on("block") { _ in
                await stage.latch("block").wait()
                return ""
            }
            stage.on("body") { _ in
                stage.events.record("body ran")
                return ""
            }
            let blocked = Task { try await way.probe(silo, "a").run("block") }
            await stage.latch("block").arrived()
            let waiting = Task { try await way.probe(silo, "a").run("body") }
            await silo.waiting(1)
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            stage.latch("block").open()
            _ = try await blocked.value
            _ = try await silo.probe("a").ping()
            #expect(!stage.events.all.contains("body ran"))
        }
    }

    @Test(arguments: Way.allCases)
    func `D6: cancelling the caller cancels the running turn, through a chain of grains`(way: Way) async throws {
        try await withSilo(settings: way.apply) { silo, stage in
            stage.on("pass on") { grain in try await grain.context.grain(Probe.self, "b").run("slow") }
            stage.on("slow") { _ in
                do {
                    try await stage.latch("slow").waitUnlessCancelled()
                } catch {
                    stage.events.record("callee saw it")
                    throw error
                }
                return ""
            }
            let call = Task { try await way.probe(silo, "a").run("pass on") }
            await stage.latch("slow").arrived()
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            #expect(stage.events.all.contains("callee saw it"))
        }
    }

    @Test(arguments: Way.allCases)
    func `D7: a cancellation handler that misbehaves harms neither the silo nor other callers`(way: Way) async throws {
        try await withSilo(settings: way.apply) { silo, stage in
            stage.on("stubborn") { grain in
                let context = grain.context
                try await withTaskCancellationHandler {
                    try await stage.latch("stubborn").waitUnlessCancelled()
                } onCancel: {
                    // It fails, leaves a failing call to its own grain behind, and asks the grain to go in the middle of a turn.
                    for _ in 0..<10 { Task { try await context.reference.run("throw") } }
                    context.deactivateWhenIdle()
                    do { throw UnnamedError(text: "in the handler") } catch { stage.events.record("\(error)") }
                }
                return ""
            }
            stage.on("throw") { _ in throw UnnamedError(text: "nobody asked") }
            let call = Task { try await way.probe(silo, "a").run("stubborn") }
            await stage.latch("stubborn").arrived()
            let waiting = (0..<5).map { _ in Task { try await way.probe(silo, "a").ping() } }
            await silo.waiting(5)
            call.cancel()
            for key in ["b", "c"] { try await #expect(way.probe(silo, key).ping() == 1) }
            await #expect(throws: CancellationError.self) { try await call.value }
            // Those that waited are served, by this activation or, after the handler's wish, by the next.
            for call in waiting { _ = try await call.value }
            await stage.events.wait(for: "a#1 end")
            try await #expect(silo.probe("a").ping() > 1)
            #expect(stage.events.all.contains { $0.contains("in the handler") })
            #expect(silo.isReady)
        }
    }

    @Test func `D8: of several calls only the cancelled one ends`() async throws {
        try await withSilo { silo, stage in
            stage.on("slow") { _ in
                try await stage.latch("slow").waitUnlessCancelled()
                return "done"
            }
            let calls = (0..<5).map { _ in Task { try await silo.probe("a").read("slow") } }
            await stage.latch("slow").arrived(5)
            calls[2].cancel()
            await #expect(throws: CancellationError.self) { try await calls[2].value }
            stage.latch("slow").open()
            for index in [0, 1, 3, 4] { try await #expect(calls[index].value == "done") }
        }
    }

    @Test func `a cancelled call that waits for a slow activation leaves the activation alone`() async throws {
        try await withSilo { silo, stage in
            stage.onActivate { _ in await stage.latch("activate").wait() }
            let call = Task { try await silo.probe("a").ping() }
            await silo.waiting(1)
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            stage.latch("activate").open()
            try await #expect(silo.probe("a").ping() == 1)
        }
    }
}
