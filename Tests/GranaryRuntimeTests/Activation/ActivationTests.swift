import Granary
import GranaryTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct ActivationTests {
    @Test func `A1: one call activates once`() async throws {
        try await withSilo { silo, stage in
            let probe = silo.probe("a")
            try await #expect(probe.ping() == 1)
            try await #expect(probe.ping() == 1)
            #expect(stage.events.all == ["a#1 activate"])
        }
    }

    @Test func `making a reference activates nothing`() async throws {
        try await withSilo { silo, stage in
            _ = silo.probe("a")
            #expect(silo.activationCount == 0)
            #expect(stage.events.all.isEmpty)
        }
    }

    @Test func `A2, A3: a deactivation runs once, and the next call activates anew`() async throws {
        try await withSilo { silo, stage in
            let probe = silo.probe("a")
            _ = try await probe.ping()
            await silo.deactivate(probe)
            #expect(stage.events.all == ["a#1 activate", "a#1 deactivate requested", "a#1 end"])
            await silo.deactivate(probe)
            #expect(stage.events.all.count == 3)
            #expect(try await probe.ping() == 2)
            #expect(stage.events.all.last == "a#2 activate")
        }
    }

    @Test func `A4, C16: a call during a slow deactivation waits for its end`() async throws {
        try await withSilo { silo, stage in
            stage.onDeactivate { grain, _ in
                if grain.number == 1 { await stage.latch("leaving").wait() }
            }
            let probe = silo.probe("a")
            _ = try await probe.ping()
            async let gone: Void = silo.deactivate(probe)
            await stage.latch("leaving").arrived()
            async let answer = probe.ping()
            await silo.waiting(1)
            stage.latch("leaving").open()
            #expect(try await answer == 2)
            await gone
            #expect(
                Array(stage.events.all.prefix(4))
                    == ["a#1 activate", "a#1 deactivate requested", "a#1 end", "a#2 activate"])
        }
    }

    @Test func `A5: an error of activate() reaches the caller, and the method does not run`() async throws {
        try await withSilo { silo, stage in
            stage.onActivate { _ in throw UnnamedError(text: "no room") }
            stage.on("body") { _ in
                stage.events.record("body ran")
                return ""
            }
            let error = await grainError { try await silo.probe("a").run("body") }
            #expect(error?.code == .activationFailed)
            #expect(error?.cause as? UnnamedError == UnnamedError(text: "no room"))
            #expect(error?.grain == GrainID(type: "probe", key: "a"))
            #expect(stage.events.all == ["a#1 activate"])
            #expect(silo.activationCount == 0)
        }
    }

    @Test func `A5: an error of activate() that the grain names arrives as itself, and the next call tries again`()
        async throws
    {
        try await withSilo { silo, stage in
            stage.onActivate { grain in
                if grain.number == 1 { throw NamedError(text: "not yet") }
            }
            await #expect(throws: NamedError(text: "not yet")) { try await silo.probe("a").ping() }
            try await #expect(silo.probe("a").ping() == 2)
        }
    }

    @Test func `A5: all calls that wait for a failing activation learn why`() async throws {
        try await withSilo { silo, stage in
            stage.onActivate { grain in
                guard grain.number == 1 else { return }
                await stage.latch("activate").wait()
                throw NamedError(text: "not yet")
            }
            async let outcomes = withTaskGroup(of: Bool.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        do {
                            _ = try await silo.probe("a").ping()
                            return false
                        } catch { return error as? NamedError == NamedError(text: "not yet") }
                    }
                }
                var all = true
                for await isRight in group { all = all && isRight }
                return all
            }
            await silo.waiting(10)
            stage.latch("activate").open()
            #expect(await outcomes)
            #expect(stage.events.all == ["a#1 activate"])
        }
    }

    @Test func `A6: an activation error reaches the outer caller through another grain`() async throws {
        try await withSilo { silo, stage in
            stage.onActivate { grain in
                if grain.context.key == "b" { throw NamedError(text: "inner") }
                if grain.context.key == "c" { throw UnnamedError(text: "inner") }
            }
            stage.on("call b") { grain in
                try await String(grain.context.grain(Probe.self, "b").ping())
            }
            stage.on("call c") { grain in
                try await String(grain.context.grain(Probe.self, "c").ping())
            }
            await #expect(throws: NamedError(text: "inner")) { try await silo.probe("a").run("call b") }
            let error = await grainError { try await silo.probe("a").run("call c") }
            #expect(error?.code == .activationFailed)
            #expect(error?.grain?.key == "c")
            #expect(error?.cause is UnnamedError)
        }
    }

    @Test func `A7: a throwing initialiser fails the call at once with its error`() async throws {
        try await withSilo { silo, stage in
            stage.onMake { key in
                if key == "a" { throw UnnamedError(text: "built wrongly") }
            }
            let error = await grainError { try await silo.probe("a").ping() }
            #expect(error?.code == .activationFailed)
            #expect(error?.cause as? UnnamedError == UnnamedError(text: "built wrongly"))
            #expect(silo.activationCount == 0)
            stage.onMake { _ in }
            try await #expect(silo.probe("a").ping() == 1)
        }
    }

    @Test func `A9: activate() that asks to deactivate serves a call before it ends, and never loops`() async throws {
        try await withSilo { silo, stage in
            stage.onActivate { grain in grain.context.deactivateWhenIdle() }
            try await #expect(silo.probe("a").ping() == 1)
            await stage.events.wait(for: "a#1 end")
            try await #expect(silo.probe("a").ping() == 2)
            await stage.events.wait(for: "a#2 end")
            #expect(stage.events.all.filter { $0.hasSuffix("activate") } == ["a#1 activate", "a#2 activate"])
        }
    }

    @Test func `A9: activate() that asks to deactivate leaves after a read-only call too`() async throws {
        try await withSilo { silo, stage in
            stage.onActivate { grain in grain.context.deactivateWhenIdle() }
            stage.onNow("look") { grain in "\(grain.number)" }
            try await #expect(silo.probe("a").peek("look") == "1")
            await stage.events.wait(for: "a#1 end")
        }
    }

    @Test func `A10: a deactivation from within takes effect after the turn`() async throws {
        try await withSilo { silo, stage in
            stage.on("leave") { grain in
                grain.context.deactivateWhenIdle()
                await Task.yield()
                stage.events.record("still here")
                return ""
            }
            stage.on("ask a") { grain in try await String(grain.context.grain(Probe.self, "a").ping()) }
            #expect(try await silo.probe("b").run("ask a") == "1")
            _ = try await silo.probe("a").run("leave")
            #expect(try await silo.probe("b").run("ask a") == "2")
            #expect(
                stage.events.all.filter { $0.hasPrefix("a#1") || $0 == "still here" }
                    == ["a#1 activate", "still here", "a#1 deactivate requested", "a#1 end"])
        }
    }

    @Test func `A10: a synchronous method that asks to deactivate lets no call in before the end`() async throws {
        try await withSilo { silo, stage in
            stage.onNow("leave") { grain in
                grain.context.deactivateWhenIdle()
                return "\(grain.number)"
            }
            stage.onDeactivate { grain, _ in
                guard grain.number == 1 else { return }
                await stage.latch("leaving").wait()
            }
            try await #expect(silo.probe("a").runNow("leave") == "1")
            await stage.latch("leaving").arrived()
            async let answer = silo.probe("a").ping()
            await silo.waiting(1)
            stage.latch("leaving").open()
            try await #expect(answer == 2)
        }
    }

    @Test func `A10: a synchronous method that throws after asking to deactivate still ends its activation`()
        async throws
    {
        try await withSilo { silo, stage in
            stage.onNow("leave") { grain in
                grain.context.deactivateWhenIdle()
                throw NamedError(text: "bye")
            }
            await #expect(throws: NamedError(text: "bye")) { try await silo.probe("a").runNow("leave") }
            await stage.events.wait(for: "a#1 end")
            try await #expect(silo.probe("a").ping() == 2)
            #expect(stage.events.all.filter { $0 == "a#1 deactivate requested" }.count == 1)
        }
    }

    @Test func `A10: a task of the grain that asks to deactivate outside of a turn is heard`() async throws {
        try await withSilo { silo, stage in
            stage.onNow("later") { grain in
                // Awaited by the test, which waits for the deactivation that it causes.
                Task {
                    await stage.latch("later").wait()
                    grain.value += 1
                    grain.context.deactivateWhenIdle()
                }
                return ""
            }
            _ = try await silo.probe("a").runNow("later")
            stage.latch("later").open()
            await stage.events.wait(for: "a#1 end")
        }
    }

    @Test func `A10: others can ask through the context`() async throws {
        try await withSilo { silo, stage in
            let kept = EventRecorder<GrainContext<Probe>>()
            stage.onNow("keep context") { grain in
                kept.record(grain.context)
                return ""
            }
            _ = try await silo.probe("a").runNow("keep context")
            kept.all[0].deactivateWhenIdle()
            await stage.events.wait(for: "a#1 end")
        }
    }

    @Test func `A11: thirty calls after a deactivation all succeed`() async throws {
        try await withSilo { silo, stage in
            stage.onNow("leave") { grain in
                grain.context.deactivateWhenIdle()
                return ""
            }
            _ = try await silo.probe("a").runNow("leave")
            for _ in 0..<30 { _ = try await silo.probe("a").ping() }
        }
    }

    @Test func `A13, C14: calls that race with deactivations are all answered`() async throws {
        try await withSilo { silo, stage in
            stage.onNow("leave") { grain in
                grain.context.deactivateWhenIdle()
                return ""
            }
            await withTaskGroup(of: Void.self) { group in
                for task in 0..<16 {
                    group.addTask {
                        for round in 0..<100 {
                            let probe = silo.probe("\(round % 3)")
                            do {
                                if (task + round) % 5 == 0 {
                                    _ = try await probe.runNow("leave")
                                } else if (task + round) % 7 == 0 {
                                    await silo.deactivate(probe)
                                } else {
                                    _ = try await probe.addSlowly()
                                }
                            } catch {
                                Issue.record("a call was lost: \(error)")
                            }
                        }
                    }
                }
            }
        }
    }

    @Test func `A19, C45: two types with one key and one state name share nothing`() async throws {
        let cluster = InMemoryCluster()
        try await withSilo(backend: .memory(cluster), also: { NamesakeProbe.self }) { silo, _ in
            try await silo.grain(OtherProbe.self, "same").set("one")
            try await silo.grain(NamesakeProbe.self, "same").set("two")
            #expect(try await silo.grain(OtherProbe.self, "same").get() == "one")
            #expect(try await silo.grain(NamesakeProbe.self, "same").get() == "two")
            #expect(cluster.record(of: GrainID(type: "other", key: "same"), "value").data == Array("\"one\"".utf8))
            #expect(cluster.record(of: GrainID(type: "namesake", key: "same"), "value").data == Array("\"two\"".utf8))
        }
    }

    @Test func `A20, C18: a failed load fails the call, and the next one reads what is stored`() async throws {
        let faults = StorageFaults()
        let backend = FaultyBackend(.memory, faults: faults)
        try await withSilo(backend: backend) { silo, _ in
            let probe = silo.grain(OtherProbe.self, "a")
            try await probe.set("kept")
            await silo.deactivate(probe)
            faults.next(.load, .failBefore())
            let error = await grainError { try await probe.get() }
            #expect(error?.code == .storageUnavailable)
            #expect(try await probe.get() == "kept")
        }
    }

    @Test func `C44: a thousand first calls at once activate once`() async throws {
        try await withSilo { silo, stage in
            stage.onActivate { _ in await Task.yield() }
            let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<1_000 { group.addTask { try await silo.probe("a").ping() } }
                var numbers: Set<Int> = []
                for try await number in group { numbers.insert(number) }
                return numbers
            }
            #expect(numbers == [1])
            #expect(stage.events.all == ["a#1 activate"])
            #expect(silo.activationCount == 1)
        }
    }

    @Test func `a cancelled first caller does not fail the others`() async throws {
        try await withSilo { silo, stage in
            stage.onActivate { grain in
                await stage.latch("activate").wait()
                try Task.checkCancellation()
            }
            let first = Task { try await silo.probe("a").ping() }
            await stage.latch("activate").arrived()
            async let second = silo.probe("a").ping()
            await silo.waiting(2)
            first.cancel()
            await #expect(throws: CancellationError.self) { try await first.value }
            stage.latch("activate").open()
            try await #expect(second == 1)
        }
    }
}

@Grain("namesake")
actor NamesakeProbe {
    @Stored var value = ""

    func set(_ text: String) async throws {
        value = text
        try await $value.save()
    }

    func get() -> String { value }
}
