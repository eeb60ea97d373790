import GranaryRuntime
import Testing

@Suite struct WatchRoundsTests {
    @Test(arguments: [Duration.seconds(10), .seconds(1), .milliseconds(70), .milliseconds(1)])
    func `each part comes once in a round, spread over it`(interval: Duration) {
        var rounds = WatchRounds(from: .seconds(5), every: interval)
        var visits = [[Duration]](repeating: [], count: WatchRounds.parts)
        var longest = 0
        let ticks = 2_000
        for tick in 1...ticks {
            let now = Duration.seconds(5) + .milliseconds(20) * tick
            let due = rounds.due(at: now)
            longest = max(longest, due.count)
            for part in due { visits[part].append(now) }
        }
        let perTick = Duration.milliseconds(20) / interval * Double(WatchRounds.parts)
        // The first tick of a round takes what is left of the tick before, too.
        #expect(longest <= min(Int(2 * perTick) + 1, WatchRounds.parts))
        let pause = max(interval, .milliseconds(20)) + .milliseconds(40)
        for times in visits {
            #expect(times.first.map { $0 <= .seconds(5) + pause } == true)
            for (one, next) in zip(times, times.dropFirst()) {
                #expect(next - one <= pause)
                #expect(next - one >= min(interval, .seconds(1)) - .milliseconds(40))
            }
        }
    }

    @Test func `after a long pause each part comes once`() {
        var rounds = WatchRounds(from: .zero, every: .seconds(10))
        #expect(rounds.due(at: .seconds(1)) == 0..<6)
        #expect(rounds.due(at: .seconds(1_000)) == 6..<64)
        #expect(rounds.due(at: .seconds(1_001)) == 0..<6)
    }
}
