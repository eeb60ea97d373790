import FoundationEssentials
import Granary
import GranaryTesting
import Synchronization
import Testing

/// Sees every activation come and go, and every turn, from outside of the silo.
private final class Referee: Sendable {
    private struct State {
        var serving: [Int: Int] = [:]
        var turns: [Int: Int] = [:]
        var values: [Int: Int] = [:]
        var violations: [String] = []
        var activations = 0
        var answers = 0
    }

    private let state = Mutex(State())

    func activated(_ key: Int) {
        state.withLock { state in
            state.activations += 1
            state.serving[key, default: 0] += 1
            if state.serving[key] != 1 { state.violations.append("two activations of \(key)") }
        }
    }

    func deactivated(_ key: Int) {
        state.withLock { state in
            if state.turns[key, default: 0] != 0 { state.violations.append("\(key) ended during a turn") }
            state.serving[key, default: 0] -= 1
        }
    }

    func begin(_ key: Int) {
        state.withLock { state in
            if state.serving[key] != 1 { state.violations.append("a turn of \(key) without its activation") }
            state.turns[key, default: 0] += 1
            if state.turns[key] != 1 { state.violations.append("two turns of \(key)") }
        }
    }

    func end(_ key: Int) {
        state.withLock { state in
            state.turns[key, default: 0] -= 1
            state.values[key, default: 0] += 1
        }
    }

    var violations: [String] { state.withLock(\.violations) }
    /// How many turns ended.
    var calls: Int { state.withLock { $0.values.values.reduce(0, +) } }
    /// How many callers got an answer.
    var answers: Int { state.withLock(\.answers) }

    func gotAnswer() { state.withLock { $0.answers += 1 } }

    var activations: Int { state.withLock(\.activations) }
}

@Grain("racer", key: Int.self)
private actor Racer {
    private let referee: Referee

    fileprivate init(context: GrainContext<Racer>, referee: Referee) {
        self.context = context
        self.referee = referee
    }

    func activate() async throws {
        await Task.yield()
        referee.activated(context.key)
    }

    func deactivate(_ reason: DeactivationReason) async {
        await Task.yield()
        referee.deactivated(context.key)
    }

    func work(leave: Bool) async -> Int {
        referee.begin(context.key)
        if leave { context.deactivateWhenIdle() }
        await Task.yield()
        referee.end(context.key)
        return context.key
    }

    func quick(leave: Bool) -> Int {
        referee.begin(context.key)
        if leave { context.deactivateWhenIdle() }
        referee.end(context.key)
        return context.key
    }

    @ReadOnly func look() async -> Int {
        await Task.yield()
        return context.key
    }
}

/// Meant to be run under ThreadSanitizer too: `swift test --sanitize=thread --filter RaceTests`.
@Suite(.timeLimit(.minutes(10))) struct RaceTests {
    private static var size: Int { ProcessInfo.processInfo.environment["GRANARY_SOAK"] == "1" ? 200_000 : 4_000 }

    @Test(arguments: [UInt64(1), 2, 3])
    func `at most one activation per key serves, no call is lost, every accepted call is answered`(seed: UInt64)
        async throws
    {
        let referee = Referee()
        let random = SeededRandomSource(seed: seed)
        var configuration = SiloConfiguration()
        configuration.activationLimit = 24
        configuration.idleAge = .milliseconds(20)
        let silo = Silo(configuration: configuration, logger: .quiet) {
            Racer.hosted { context in Racer(context: context, referee: referee) }
        }
        try await silo.start()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    for _ in 0..<(Self.size / 16) {
                        let dice = random.next()
                        let key = Int(dice % 40)
                        let racer = silo.grain(Racer.self, key)
                        do {
                            switch (dice >> 32) % 16 {
                            case 0:
                                await silo.deactivate(racer)
                                continue
                            case 1, 2:
                                #expect(try await racer.work(leave: true) == key)
                            case 3, 4:
                                #expect(try await racer.quick(leave: true) == key)
                            case 5, 6:
                                #expect(try await racer.look() == key)
                                continue
                            case 7:
                                let call = Task { try await racer.work(leave: false) }
                                call.cancel()
                                if (try? await call.value) == nil { continue }
                            case 8:
                                #expect(try await racer.within(.seconds(60)).work(leave: false) == key)
                            case 9...12:
                                #expect(try await racer.quick(leave: false) == key)
                            default:
                                #expect(try await racer.work(leave: false) == key)
                            }
                            referee.gotAnswer()
                        } catch {
                            Issue.record("a call was lost: \(error)")
                        }
                    }
                }
            }
        }
        #expect(referee.violations == [])
        #expect(referee.answers == referee.calls)
        #expect(referee.activations > 40)
        try await silo.shutDown()
        #expect(silo.activationCount == 0)
        #expect(silo.drainReport?.abandoned == 0)
    }
}
