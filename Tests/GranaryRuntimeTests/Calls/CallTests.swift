import Granary
import GranaryTesting
import Testing

enum Trace { @TaskLocal static var id = "none" }

/// The grain `probe` as a program knows it that does not link it.
@GrainInterface("probe")
protocol ProbeAPI: Sendable {
    func run(_ action: String) async throws -> String
    func ping() async throws -> Int
    func vanish() async throws
}

/// The same grain as a program knows it that was built against other versions of its methods.
@GrainInterface("probe")
protocol MistakenProbeAPI: Sendable {
    func ping(_ first: Int, _ second: Int) async throws -> Int
    func run() async throws -> String
}

@GrainInterface("nobody")
protocol NobodyAPI: Sendable {
    func ping() async throws -> Int
}

@Grain("unhosted") actor UnhostedProbe {
    func ping() -> Int { 1 }
}

@Grain("thrower") actor Thrower {
    func typed() throws(NamedError) -> Int { throw NamedError(text: "typed") }
}

@Suite(.timeLimit(.minutes(1))) struct CallTests {
    @Test(arguments: Way.allCases)
    func `D11: named errors arrive as themselves, others described with their cause`(way: Way) async throws {
        try await withSilo(settings: way.apply) { silo, stage in
            stage.on("named") { _ in throw NamedError(text: "mine") }
            stage.on("unnamed") { _ in throw UnnamedError(text: "other") }
            stage.on("forward named") { grain in try await grain.context.grain(Probe.self, "b").run("named") }
            stage.on("forward unnamed") { grain in try await grain.context.grain(Probe.self, "b").run("unnamed") }
            for action in ["named", "forward named"] {
                await #expect(throws: NamedError(text: "mine")) { try await way.probe(silo, "a").run(action) }
            }
            for (action, key) in [("unnamed", "a"), ("forward unnamed", "b")] {
                let error = await grainError { try await way.probe(silo, "a").run(action) }
                #expect(error?.code == .callFailed)
                #expect(error?.grain?.key == key)
                #expect(error?.message.contains("other") == true)
                #expect(error?.cause as? UnnamedError == UnnamedError(text: "other"))
            }
            try await #expect(silo.probe("a").ping() == 1)
        }
    }

    @Test func `D11, C63: an error of a typed throws arrives as itself`() async throws {
        try await withSilo(also: { Thrower.self }) { silo, _ in
            let thrower = silo.grain(Thrower.self, "a")
            await #expect(throws: NamedError(text: "typed")) { try await thrower.typed() }
            await #expect(throws: NamedError(text: "typed")) { try await thrower.within(.seconds(60)).typed() }
        }
    }

    @Test(arguments: Way.allCases)
    func `D9: a one-way call returns before its body ends`(way: Way) async throws {
        try await withSilo(settings: way.apply) { silo, stage in
            stage.on("slow") { _ in
                await stage.latch("slow").wait()
                stage.events.record("body ended")
                return ""
            }
            stage.on("tell b") { grain in
                try await grain.context.grain(Probe.self, "b").tell("slow")
                return "told"
            }
            try await way.probe(silo, "a").tell("slow")
            #expect(try await way.probe(silo, "c").run("tell b") == "told")
            await stage.latch("slow").arrived(2)
            #expect(!stage.events.all.contains("body ended"))
            stage.latch("slow").open()
            await stage.events.wait(for: "body ended", times: 2)
        }
    }

    @Test(arguments: Way.allCases)
    func `one-way calls to one grain run in the order in which they were handed over`(way: Way) async throws {
        try await withSilo(settings: way.apply) { silo, stage in
            for number in 0..<200 {
                stage.on("\(number)") { _ in
                    stage.events.record("\(number)")
                    return ""
                }
            }
            for number in 0..<200 { try await way.probe(silo, "a").tell("\(number)") }
            await stage.events.wait(for: "199")
            let told = stage.events.all.compactMap(Int.init)
            #expect(told == Array(0..<200))
        }
    }

    @Test func `D9: a one-way call that throws troubles nobody`() async throws {
        try await withSilo { silo, stage in
            stage.on("fail") { _ in
                stage.events.record("failing")
                throw UnnamedError(text: "unheard")
            }
            try await silo.probe("a").tell("fail")
            await stage.events.wait(for: "failing")
            #expect(try await silo.probe("a").ping() == 1)
        }
    }

    @Test(arguments: [Way.direct, .timed])
    func `D14: task-locals flow down and not back`(way: Way) async throws {
        try await withSilo(settings: way.apply) { silo, stage in
            stage.on("outer") { grain in
                let seen = Trace.id
                let inner = try await Trace.$id.withValue("changed") {
                    try await grain.context.grain(Probe.self, "b").run("inner")
                }
                return "\(seen) \(inner) \(Trace.id)"
            }
            stage.on("inner") { _ in Trace.id }
            let seen = try await Trace.$id.withValue("set") { try await way.probe(silo, "a").run("outer") }
            #expect(seen == "set changed set")
            #expect(Trace.id == "none")
        }
    }

    @Test func `D14: a test mode shows grains that lean on task-locals`() async throws {
        try await withSilo(settings: { $0.isolatesCalls = true }) { silo, stage in
            stage.on("seen") { _ in Trace.id }
            try await #expect(Trace.$id.withValue("set") { try await silo.probe("a").run("seen") } == "none")
        }
    }

    @Test func `D14: activate() and deactivate() see nothing of the caller`() async throws {
        try await withSilo { silo, stage in
            stage.onActivate { _ in stage.events.record("activate saw \(Trace.id)") }
            stage.onDeactivate { _, _ in stage.events.record("deactivate saw \(Trace.id)") }
            stage.on("leave") { grain in
                grain.context.deactivateWhenIdle()
                return ""
            }
            _ = try await Trace.$id.withValue("set") { try await silo.probe("a").run("leave") }
            await stage.events.wait(for: "a#1 end")
            #expect(stage.events.all.contains("activate saw none"))
            #expect(stage.events.all.contains("deactivate saw none"))
        }
    }

    @Test func `C82: an unknown grain type is a fast typed error`() async throws {
        try await withSilo(time: ManualTimeSource()) { silo, _ in
            let linked = await grainError { try await silo.grain(UnhostedProbe.self, "a").ping() }
            #expect(linked?.code == .unknownGrainType)
            #expect(linked?.message.contains("UnhostedProbe.self") == true)
            let timed = await grainError {
                try await silo.grain(UnhostedProbe.self, "a").within(.seconds(1)).ping()
            }
            #expect(timed?.code == .unknownGrainType)
            let unlinked = await grainError { try await silo.grain(NobodyAPIReference.self, "a").ping() }
            #expect(unlinked?.code == .unknownGrainType)
            #expect(unlinked?.message.contains("nobody") == true)
        }
    }

    @Test func `a call by interface reaches the grain`() async throws {
        try await withSilo { silo, stage in
            stage.on("greet") { _ in "hello" }
            let probe: some ProbeAPI = silo.grain(ProbeAPIReference.self, "a")
            try await #expect(probe.run("greet") == "hello")
            try await #expect(probe.ping() == 1)
        }
    }

    @Test func `unknown methods and wrong numbers of arguments are typed errors`() async throws {
        try await withSilo { silo, stage in
            let probe = silo.grain(ProbeAPIReference.self, "a")
            let unknown = await grainError { try await probe.vanish() }
            #expect(unknown?.code == .unknownMethod)
            #expect(unknown?.message.contains("'vanish'") == true)
            let mistaken = silo.grain(MistakenProbeAPIReference.self, "a")
            let tooFew = await grainError { try await mistaken.run() }
            #expect(tooFew?.code == .unknownMethod)
            #expect(tooFew?.message.contains("needs 1") == true)
            let tooMany = await grainError { try await mistaken.ping(1, 2) }
            #expect(tooMany?.code == .unknownMethod)
            #expect(tooMany?.message.contains("takes 0") == true)
            #expect(stage.events.all.isEmpty)
        }
    }

    @Test func `D4: a cancelled caller calls nothing by interface either`() async throws {
        try await withSilo { silo, stage in
            let call = Task {
                await stage.latch("go").wait()
                return try await silo.grain(ProbeAPIReference.self, "a").ping()
            }
            call.cancel()
            stage.latch("go").open()
            await #expect(throws: CancellationError.self) { try await call.value }
            #expect(stage.events.all.isEmpty)
        }
    }
}
