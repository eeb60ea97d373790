import GranaryCore
import NIOCore
import Testing

@testable import GranaryTransport

/// The faults that tests and simulations ask for.
@Suite(.timeLimit(.minutes(1))) struct InProcessNetworkTests {
    private func pair(
        _ body: (InProcessNetwork, InProcessTransport, any TransportLink, RecordingHandler, RecordingHandler)
            async throws
            -> Void
    ) async throws {
        let network = InProcessNetwork(random: SeededRandomSource(seed: 1))
        let (a, b) = (network.transport(named: "a", logger: quiet), network.transport(named: "b", logger: quiet))
        let (aHandler, bHandler) = (RecordingHandler(), RecordingHandler { .result($0.arguments) })
        let address = try await b.start(identity(1), handler: bHandler)
        _ = try await a.start(identity(2), handler: aHandler)
        let link = try a.link(to: silo(1), at: address)
        await aHandler.wait(for: .opened)
        await aHandler.wait(for: .controlOpened)
        try await body(network, a, link, aHandler, bHandler)
        await a.stop(within: .zero)
    }

    @Test func aKilledTransportIsGoneAtOnce() async throws {
        try await pair { network, a, link, handler, _ in
            network.kill("b")
            await handler.wait(for: .interrupted)
            await handler.wait(for: .controlClosed(goodbye: false))
            let outcome = await a.dial("b:1/2", within: .seconds(20))
            #expect(outcome == .refused)
            #expect(link.send(call(1), arguments: block(1), order: 0) == .accepted)
            a.drop(silo(1), reason: "dead")
            let end = try #require(await handler.waitForEnd())
            #expect(end.neverStarted == [1])
        }
    }

    @Test func aFrozenTransportAnswersWhenItGoesOn() async throws {
        try await pair { network, a, link, handler, other in
            network.freeze("b", true)
            let outcome = await a.dial("b:1/2", within: .milliseconds(20))
            #expect(outcome == .timeout)
            #expect(link.send(call(1), arguments: block(1), order: 0) == .accepted)
            #expect(other.calls.isEmpty)
            network.freeze("b", false)
            await handler.wait(for: .reply(CallReply(1, .result(block(1)))))
        }
    }

    @Test func aSlowLinkKeepsTheOrder() async throws {
        try await pair { network, _, link, handler, other in
            network.delay(from: "a", to: "b", by: .milliseconds(30))
            let start = ContinuousClock.now
            for id in 1...100 as ClosedRange<UInt64> {
                #expect(link.send(call(id), arguments: block(1), order: 0) == .accepted)
                if id % 10 == 0 { await Task.yield() }
            }
            await handler.wait(for: .reply(CallReply(100, .result(block(1)))))
            #expect(ContinuousClock.now - start >= .milliseconds(30))
            #expect(other.calls.map(\.head.id) == Array(1...100))
        }
    }

    @Test func aCutLinkCarriesNothingUntilItHeals() async throws {
        try await pair { network, a, link, handler, other in
            network.cut("a", "b")
            await handler.wait(for: .interrupted)
            #expect(link.send(call(1), arguments: block(1), order: 0) == .accepted)
            let outcome = await a.dial("b:1/2", within: .seconds(20))
            #expect(outcome == .failed(reason: "the link to b is cut"))
            #expect(other.calls.isEmpty)
            network.heal("a", "b")
            await handler.wait(for: .reply(CallReply(1, .result(block(1)))))
            #expect(handler.all.contains(.resumed))
        }
    }
}
