import GranaryCluster
import Testing

/// Protocol C7: what is said of calls that wait for each other.
@Suite struct WaitCircleTests {
    private func gate(_ silo: Int32, _ number: UInt64, _ key: String, _ age: Int64) -> WaitStep {
        .gate(silo: silo, number: number, type: "t", key: key, milliseconds: age)
    }

    private func circle(_ steps: [WaitStep]) throws -> WaitCircle { try #require(WaitCircle(steps)) }

    @Test func theOneThatWaitedTheShortestIsEnded() throws {
        let steps = [gate(1, 7, "b", 900), .call(silo: 1, number: 3), gate(2, 5, "c", 210), gate(3, 1, "a", 400)]
        let circle = try circle(steps)
        #expect(circle.victim == WaitCircle.Gate(silo: 2, number: 5))
        #expect(circle.path.map(\.key) == ["c", "a", "b", "c"])
    }

    @Test func whoeverFindsACircleAsksTheSameRefereeFirst() throws {
        let steps = [
            gate(1, 7, "b", 300), .call(silo: 1, number: 3), gate(2, 5, "c", 300), .call(silo: 2, number: 9),
            gate(3, 1, "a", 300), .call(silo: 3, number: 4),
        ]
        for turn in stride(from: 0, to: 6, by: 2) {
            let circle = try circle(Array(steps[turn...] + steps[..<turn]))
            #expect(circle.referee == WaitCircle.Gate(silo: 3, number: 1))
            #expect(circle.visits.first == 3)
            // Of waits of one age it is the same one for all.
            #expect(circle.victim == WaitCircle.Gate(silo: 3, number: 1))
        }
    }

    @Test func everySiloIsVisitedAndTheVictimsLast() throws {
        let steps = [gate(1, 7, "b", 100), .call(silo: 4, number: 3), gate(2, 5, "c", 300), gate(9, 1, "a", 300)]
        let circle = try circle(steps)
        #expect(circle.visits == [9, 2, 4, 1])
        #expect(circle.steps(of: 4) == [.call(silo: 4, number: 3)])
        let same = try self.circle([gate(9, 7, "b", 100), gate(2, 5, "c", 300)])
        #expect(same.visits == [9, 2, 9])
        #expect(try self.circle([gate(9, 7, "b", 100)]).visits == [9])
        #expect(WaitCircle([.call(silo: 1, number: 1)]) == nil)
    }

    @Test func aQuestionGoesNoFurtherThanItsBudgetAndNoWayTwice() throws {
        let probe = WaitProbe(silo: 1, activation: 7)
        #expect(probe.isHome(1, activation: 7))
        #expect(!probe.isHome(2, activation: 7))
        #expect(!probe.isHome(1, activation: 8))
        let next = try #require(probe.going([gate(2, 5, "b", 1), .call(silo: 2, number: 1)], oneOf: 1))
        #expect(next.hasPassed(2, 5))
        #expect(!next.hasPassed(5, 2))
        // However the ways fork, the messages of one question are bounded.
        var messages = 0
        var open = [probe]
        while let probe = open.popLast() {
            for _ in 0..<3 {
                guard let next = probe.going([.call(silo: 1, number: 1)], oneOf: 3) else { continue }
                messages += 1
                open.append(next)
            }
        }
        #expect(messages > 3 && messages <= 64)
        // Nor is a way followed for ever.
        var length = 0
        var way: WaitProbe? = WaitProbe(silo: 1, activation: 7)
        while let probe = way {
            length += 1
            way = probe.going([gate(1, UInt64(length), "b", 1)], oneOf: 1)
        }
        #expect(length <= 65)
    }
}
