import GranaryCore
import Testing

@testable import GranaryTransport

@Suite(.timeLimit(.minutes(1))) struct BackoffTests {
    @Test func waitsDoubleAndStayBelowTheLongest() {
        let backoff = Backoff(first: .milliseconds(100), longest: .seconds(1))
        #expect(backoff.delay(after: 1, random: 0) == .milliseconds(50))
        #expect(backoff.delay(after: 2, random: 0) == .milliseconds(100))
        #expect(backoff.delay(after: 9, random: 0) == .milliseconds(500))
        #expect(backoff.delay(after: .max, random: .max) <= .seconds(1))
        let waits = Set((0..<20).map { backoff.delay(after: 3, random: $0 &* 0x9e37_79b9_7f4a_7c15) })
        #expect(waits.count > 15, "they differ")
    }
}

@Suite(.timeLimit(.minutes(1))) struct ClockOffsetTests {
    @Test func theQuickestPingCounts() {
        var offset = ClockOffset()
        offset.assume(peer: 900, received: 100)
        #expect(offset.nanoseconds == 800)
        offset.add(sent: 100, received: 140, peer: 1_200)
        #expect(offset.nanoseconds == 1_080)
        offset.add(sent: 200, received: 210, peer: 1_205)
        #expect(offset.nanoseconds == 1_000)
        offset.add(sent: 300, received: 500, peer: 9_000)
        #expect(offset.nanoseconds == 1_000, "a slow ping changes nothing")
        offset.assume(peer: 5, received: 5)
        #expect(offset.nanoseconds == 1_000)
    }

    @Test func readingsOutOfRangeAreIgnored() {
        var offset = ClockOffset()
        offset.add(sent: 10, received: 5, peer: 0)
        offset.add(sent: .min, received: .max, peer: 0)
        offset.add(sent: 0, received: 0, peer: .min)
        #expect(offset.nanoseconds == .min)
    }
}
