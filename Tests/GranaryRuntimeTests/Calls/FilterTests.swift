import Granary
import GranaryTesting
import Testing

private struct Noting: GrainCallFilter {
    let name: String
    let events: EventRecorder<String>

    func intercept(_ call: GrainCall, next: nonisolated(nonsending) () async throws -> Void) async throws {
        events.record("\(name) before \(call.grain).\(call.method)\(call.isReadOnly ? " (read)" : "")")
        defer { events.record("\(name) after") }
        try await next()
    }
}

private struct Retrying: GrainCallFilter {
    func intercept(_ call: GrainCall, next: nonisolated(nonsending) () async throws -> Void) async throws {
        do { try await next() } catch is NamedError { try await next() }
    }
}

private struct Refusing: GrainCallFilter {
    func intercept(_ call: GrainCall, next: nonisolated(nonsending) () async throws -> Void) async throws {
        if call.method == "ping" { throw NamedError(text: "refused") }
        try await next()
    }
}

private struct Forgetful: GrainCallFilter {
    func intercept(_ call: GrainCall, next: nonisolated(nonsending) () async throws -> Void) async throws {}
}

@Suite(.timeLimit(.minutes(1))) struct FilterTests {
    @Test func `D15: filters stand around a call in their order, the first one outermost`() async throws {
        let events = EventRecorder<String>()
        let filters = [Noting(name: "F1", events: events), Noting(name: "F2", events: events)]
        try await withSilo(filters: filters) { silo, stage in
            stage.on("body") { _ in
                events.record("body")
                return "answer"
            }
            try await #expect(silo.probe("a").run("body") == "answer")
            #expect(
                events.all == ["F1 before probe/a.run", "F2 before probe/a.run", "body", "F2 after", "F1 after"])
            try await #expect(silo.probe("a").read("body") == "answer")
            #expect(events.all[5] == "F1 before probe/a.read (read)")
        }
    }

    @Test func `D15: a one-way call is filtered too`() async throws {
        let events = EventRecorder<String>()
        try await withSilo(filters: [Noting(name: "F", events: events)]) { silo, stage in
            stage.on("body") { _ in "" }
            try await silo.probe("a").tell("body")
            await events.wait(forCount: 2)
            #expect(events.all == ["F before probe/a.tell", "F after"])
        }
    }

    @Test func `D15: a call by interface is filtered too`() async throws {
        let events = EventRecorder<String>()
        try await withSilo(filters: [Noting(name: "F", events: events)]) { silo, _ in
            try await #expect(silo.grain(ProbeAPIReference.self, "a").ping() == 1)
            #expect(events.all == ["F before probe/a.ping", "F after"])
        }
    }

    @Test func `D15: a filter can run a call again`() async throws {
        try await withSilo(filters: [Retrying()]) { silo, stage in
            stage.on("flaky") { grain in
                grain.value += 1
                if grain.value == 1 { throw NamedError(text: "once") }
                return "try \(grain.value)"
            }
            try await #expect(silo.probe("a").run("flaky") == "try 2")
        }
    }

    @Test func `D15: a filter's error reaches the caller, and the body does not run`() async throws {
        try await withSilo(filters: [Refusing()]) { silo, stage in
            await #expect(throws: NamedError(text: "refused")) { try await silo.probe("a").ping() }
            #expect(stage.events.all.isEmpty)
        }
    }

    @Test func `D15: a filter that forgets to run the call is an error, not a crash`() async throws {
        try await withSilo(filters: [Forgetful()]) { silo, stage in
            let error = await grainError { try await silo.probe("a").ping() }
            #expect(error?.code == .callFailed)
            #expect(error?.message.contains("filter") == true)
            #expect(stage.events.all.isEmpty)
        }
    }
}
