import GranaryCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct RendezvousTests {
    @Test func `whoever comes first wins, before or during the wait`() async {
        let early = Rendezvous<Int>()
        #expect(!early.isFinished)
        #expect(early.finish(1))
        #expect(!early.finish(2))
        #expect(early.isFinished)
        #expect(await early.value() == 1)

        let late = Rendezvous<Int>()
        async let value = late.value()
        #expect(late.finish(3))
        #expect(!late.finish(4))
        #expect(await value == 3)
        #expect(late.isFinished)
    }

    @Test func `one of many wins, and its value arrives`() async {
        for _ in 0..<200 {
            let rendezvous = Rendezvous<Int>()
            async let value = rendezvous.value()
            let winners = await withTaskGroup(of: Int?.self) { group in
                for number in 0..<4 { group.addTask { rendezvous.finish(number) ? number : nil } }
                return await group.reduce(into: [Int]()) { winners, one in if let one { winners.append(one) } }
            }
            #expect(winners.count == 1)
            #expect(await value == winners.first)
        }
    }
}
