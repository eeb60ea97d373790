import GranaryCore
import Testing

@testable import GranaryPostgres

/// The life of the connection that listens, without a server.
@Suite struct ListenerLifeTests {
    private let random = SystemRandomSource()
    private var life = ListenerLife(pauses: Backoff(first: .milliseconds(50), limit: .seconds(5)))
    private var now = Duration.zero

    /// Fails, and answers how long the pause is.
    private mutating func fail() -> Duration? {
        life.failed(at: now, random: random)
        return if case .pausing(let until) = life.state { until - now } else { nil }
    }

    private mutating func attempt() -> Int? { life.attempt(at: now, isWanted: true) }

    private mutating func connect() {
        let isWanted = life.connected(attempt() ?? 0, until: now + .seconds(5))
        #expect(isWanted)
        life.began(at: now)
    }

    @Test mutating func nothingIsOpenedThatNobodyWants() {
        let attempts = [life.attempt(at: now, isWanted: false), attempt(), attempt()]
        #expect(attempts == [nil, 1, nil])
    }

    @Test mutating func pausesGrowWhileAttemptsFail() {
        for failures in 1...10 {
            let generation = attempt()
            #expect(generation == failures)
            let whole = min(Duration.milliseconds(50) * (1 << (failures - 1)), .seconds(5))
            let pause = fail() ?? .zero
            #expect(pause >= whole / 2 && pause <= whole)
            let early = attempt()
            #expect(early == nil)
            #expect(life.deadline == now + pause)
            now += pause
        }
    }

    @Test mutating func aConnectionThatBreaksOverAndOverIsAFailureAndOneThatLastedIsNot() {
        for failures in 1...5 {
            connect()
            let pause = fail() ?? .zero
            #expect(pause >= .milliseconds(25) * (1 << (failures - 1)))
            now += pause
        }
        connect()
        now += .seconds(6)
        let pause = fail() ?? .seconds(9)
        #expect(pause <= .milliseconds(50))
    }

    @Test mutating func whatAnOlderAttemptReportsIsNotWanted() {
        let first = attempt() ?? 0
        life.turnOff()
        var wanted = [life.connected(first, until: .seconds(1))]
        let second = attempt() ?? 0
        wanted.append(life.connected(first, until: .seconds(1)))
        wanted.append(life.connected(second, until: .seconds(1)))
        #expect(wanted == [false, false, true])
        #expect(life.deadline == .seconds(1))
    }
}
