import GranaryCluster
import GranaryCore
import NIOCore
import Testing

@testable import GranaryRuntime

/// The objects of calls from other silos, from their arrival to their end.
@Suite(.timeLimit(.minutes(1))) struct ArrivalsTests {
    private let link = NoLink()
    private let arrivals = Arrivals()

    /// A call to the one grain of this suite.
    private func call(_ number: UInt64) -> Arrival {
        let grain = GrainID(type: "Cart", key: "a")
        let head = CallHead(id: number, grain: grain, method: "add")
        return Arrival(
            ReceivedCall(head: head, arguments: ByteBuffer(string: "arguments")), on: link,
            at: ClusterGrain(type: grain.type, key: grain.key, hash: 16))
    }

    private final class Kept {
        weak var call: Arrival?
    }

    /// Answers a call; what is left of it is seen by the weak reference.
    private func answered(_ number: UInt64) -> Kept {
        let kept = Kept()
        let call = call(number)
        kept.call = call
        #expect(arrivals.arrive(call, isHeld: true) != nil)
        call.dropContents()
        arrivals.finish(call) {}
        return kept
    }

    @Test func `an answered call stays until the next one comes, without its contents`() {
        let first = answered(1)
        #expect(arrivals.isEmpty)
        #expect(first.call?.arguments.readableBytes == 0)
        let second = answered(2)
        #expect(first.call == nil)
        #expect(second.call != nil)
    }

    @Test func `answered calls go when none comes any more`() {
        let last = answered(1)
        arrivals.tidy()
        #expect(last.call != nil, "it came since the last time")
        arrivals.tidy()
        #expect(last.call == nil)
    }

    @Test func `answered calls go with their session, and those that are not answered are given up`() {
        let waiting = call(1)
        #expect(arrivals.arrive(waiting, isHeld: true) != nil)
        let over = answered(2)
        arrivals.forget(link)
        #expect(over.call == nil)
        #expect(!waiting.answer(), "nobody waits for it")
        arrivals.finish(waiting) { Issue.record("nobody waits for the answer") }
        #expect(arrivals.isEmpty)
    }

    @Test func `a call that is answered cannot be given up, and leaves those alone that are not`() {
        _ = answered(1)
        let waiting = call(2)
        #expect(arrivals.arrive(waiting, isHeld: true) != nil)
        arrivals.abandon(Arrival.Key(link: ObjectIdentifier(link), call: 1))
        #expect(waiting.answer())
    }
}
