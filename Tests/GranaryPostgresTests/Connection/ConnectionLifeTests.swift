import GranaryCore
import Testing

@testable import GranaryPostgres

/// A connection's life, without a network or a clock.
@Suite struct ConnectionLifeTests {
    private let random = SeededRandomSource(seed: 3)
    private var life = ConnectionLife(pauses: Backoff(first: .milliseconds(50), limit: .seconds(1)))

    @Test mutating func itIsOpenedCheckedUsedAndUsedAgain() {
        #expect(life.canOpen(at: .zero))
        let generation = life.open()
        #expect(!life.canOpen(at: .zero))
        let isCurrent1 = life.connected(generation, checkUntil: .seconds(1))
        #expect(isCurrent1)
        #expect(life.deadline == .seconds(1))
        life.checked(at: .milliseconds(5))
        #expect(life.state == .ready(since: .milliseconds(5)))
        life.begin(until: .seconds(9))
        #expect(life.state == .busy(until: .seconds(9)))
        life.end(at: .seconds(2))
        #expect(life.state == .ready(since: .seconds(2)))
    }

    @Test mutating func pausesGrowWithFailuresAndASuccessForgetsThem() {
        var now = Duration.zero
        var pauses: [Duration] = []
        for _ in 0..<8 {
            let failed = life.failed(life.open(), at: now, random: random)
            #expect(failed)
            guard case .backoff(let until) = life.state else { return #expect(Bool(false), "\(life.state)") }
            #expect(!life.canOpen(at: now))
            #expect(life.canOpen(at: until))
            pauses.append(until - now)
            now = until
        }
        for (index, pause) in pauses.enumerated() {
            let whole = min(Duration.milliseconds(50) * (1 << index), .seconds(1))
            #expect(pause >= whole / 2 && pause <= whole)
        }
        let generation = life.open()
        let isCurrent2 = life.connected(generation, checkUntil: now)
        #expect(isCurrent2)
        life.checked(at: now)
        #expect(life.failures == 0)
    }

    @Test mutating func aLateReportOfAnOlderOpeningIsIgnored() {
        let old = life.open()
        _ = life.failed(old, at: .zero, random: random)
        let new = life.open()
        let isCurrent3 = life.connected(old, checkUntil: .seconds(1))
        #expect(!isCurrent3)
        let isNews = life.failed(old, at: .zero, random: random)
        #expect(!isNews)
        let isCurrent4 = life.connected(new, checkUntil: .seconds(1))
        #expect(isCurrent4)
    }

    @Test mutating func aConnectionThatBreaksAtWorkMayBeOpenedAtOnce() {
        let isCurrent5 = life.connected(life.open(), checkUntil: .seconds(1))
        #expect(isCurrent5)
        life.checked(at: .zero)
        life.begin(until: .seconds(1))
        life.dropped()
        #expect(life.canOpen(at: .zero))
    }

    @Test mutating func aClosedOneStaysClosed() {
        let generation = life.open()
        life.close()
        let isCurrent6 = life.connected(generation, checkUntil: .seconds(1))
        #expect(!isCurrent6)
        #expect(!life.canOpen(at: .seconds(100)))
    }
}
