import GranaryCore
import NIOCore
import Testing

@testable import GranaryTransport

/// What every transport does, on each of them.
@Suite(.timeLimit(.minutes(1))) struct TransportConformanceTests {
    @Test(arguments: TransportKind.allCases)
    func aCallArrivesWholeAndItsReplyComesBack(kind: TransportKind) async throws {
        let start = ContinuousClock.now
        try await TransportPair.with(kind) { pair in
            var head = FrameTests.fullHead
            head.deadline = SystemTimeSource().now + .seconds(30)
            #expect(pair.link.send(head, arguments: block(100), order: 4) == .accepted)
            let reply = RecordingHandler.Event.reply(CallReply(head.id, .result(block(100))))
            await pair.aHandler.wait(for: reply)
            var received = try #require(pair.bHandler.calls.first)
            let (sent, arrived) = (try #require(head.deadline), try #require(received.head.deadline))
            // Both clocks are one here; what a greeting tells is wrong by the time that it took at most.
            let error = sent > arrived ? sent - arrived : arrived - sent
            #expect(error < ContinuousClock.now - start)
            received.head.deadline = head.deadline
            #expect(received.head == head)
            #expect(received.arguments == block(100))
        }
    }

    @Test(arguments: TransportKind.allCases)
    func cancellationsAndMessagesArrive(kind: TransportKind) async throws {
        try await TransportPair.with(kind) { pair in
            #expect(pair.link.cancel(77, order: 1) == .accepted)
            #expect(pair.link.send(message: ByteBuffer(string: "Installed")) == .accepted)
            await pair.bHandler.wait(for: .message(ByteBuffer(string: "Installed")))
            #expect(pair.bHandler.all.contains(.cancellation(77)))
            let back = try #require(pair.bHandler.links.first)
            #expect(back.peer == silo(2))
            #expect(back.send(message: ByteBuffer(string: "Released")) == .accepted)
            await pair.aHandler.wait(for: .message(ByteBuffer(string: "Released")))
        }
    }

    @Test(arguments: TransportKind.allCases)
    func largeMessagesTravelInPiecesAndSmallOnesPass(kind: TransportKind) async throws {
        let bHandler = RecordingHandler(admission: .refused(.busy, reason: "not yet")) { .result($0.arguments) }
        try await TransportPair.with(kind, bHandler: bHandler) { pair in
            for id in 1...4 as ClosedRange<UInt64> {
                #expect(pair.link.send(call(id), arguments: block(2_000_000), order: id) == .accepted)
            }
            #expect(pair.link.send(call(5), arguments: block(10), order: 9) == .accepted)
            bHandler.admit(.welcome)
            await pair.aHandler.wait { events in events.count { if case .reply = $0 { true } else { false } } == 5 }
            let order = pair.bHandler.calls.map(\.head.id)
            #expect(order.first == 5, "the small call went first: \(order)")
            #expect(pair.bHandler.calls.allSatisfy { $0.head.id == 5 || $0.arguments == block(2_000_000) })
        }
    }

    @Test("Calls arrive once and in order while connections break", arguments: TransportKind.allCases)
    func brokenConnections(kind: TransportKind) async throws {
        try await TransportPair.with(kind) { pair in
            let count: UInt64 = 3_000
            for id in 1...count {
                let isLarge = id % 500 == 250
                try #require(pair.link.send(call(id), arguments: block(isLarge ? 150_000 : 40), order: 3) == .accepted)
                if id % 600 == 0 {
                    await pair.bHandler.wait(for: .call(id - 400))
                    pair.stage.sever()
                }
            }
            await pair.aHandler.wait { events in events.count { if case .reply = $0 { true } else { false } } == count }
            #expect(pair.bHandler.calls.map(\.head.id) == Array(1...count))
            let replies = pair.aHandler.all.compactMap { event -> UInt64? in
                if case .reply(let reply) = event { reply.call } else { nil }
            }
            #expect(replies.count == Int(count))
            #expect(Set(replies).count == Int(count))
            #expect(pair.aHandler.all.contains(.interrupted))
            #expect(pair.aHandler.all.contains(.resumed))
            #expect(pair.aHandler.ends.isEmpty)
        }
    }

    @Test(
        "A link that goes silent is given up, and the session goes on over the next", arguments: TransportKind.allCases)
    func halfOpen(kind: TransportKind) async throws {
        try await TransportPair.with(kind) {
            $0.pingInterval = .milliseconds(20)
            $0.silentPings = 3
            $0.greetingTimeout = .milliseconds(100)
        } _: { pair in
            await pair.aHandler.wait(for: .opened)
            pair.stage.silence(true)
            #expect(pair.link.send(call(1), arguments: block(1), order: 0) == .accepted)
            await pair.aHandler.wait(for: .interrupted)
            await pair.bHandler.wait(for: .interrupted)
            pair.stage.silence(false)
            await pair.aHandler.wait(for: .reply(CallReply(1, .result(block(1)))))
            #expect(pair.bHandler.calls.count == 1)
        }
    }

    @Test("What never left is told when the session is dropped", arguments: TransportKind.allCases)
    func neverStarted(kind: TransportKind) async throws {
        let stage = TransportStage(kind)
        let handler = RecordingHandler()
        let a = try stage.transport("a") {
            $0.queuedBytes = 0
            $0.largestMessage = 100_000
        }
        _ = try await a.start(identity(2), handler: handler)
        let address = try await absent(stage)
        let link = try a.link(to: silo(1), at: address)
        for id in 1...3 as ClosedRange<UInt64> {
            #expect(link.send(call(id), arguments: block(9), order: 0) == .accepted)
        }
        #expect(link.send(call(4), arguments: block(100_001), order: 0) == .tooLarge(limit: 100_000))
        #expect(link.send(call(5), arguments: block(99_500), order: 0) == .accepted)
        var outcome = SendOutcome.accepted
        for id in 7...5_000 as ClosedRange<UInt64> where outcome == .accepted {
            outcome = link.send(call(id), arguments: block(1_000), order: 0)
        }
        #expect(outcome == .overloaded)
        a.drop(silo(1), reason: "declared dead")
        let end = try #require(await handler.waitForEnd())
        #expect(end.cause == .dropped)
        #expect(end.reason == "declared dead")
        #expect(end.neverStarted.starts(with: [1, 2, 3]))
        #expect(end.neverStarted.contains(5))
        #expect(link.send(call(9), arguments: block(9), order: 0) == .closed)
        let next = try a.link(to: silo(1), at: address)
        #expect(next !== link)
        await a.stop(within: .zero)
    }

    /// An address where nobody listens.
    private func absent(_ stage: TransportStage) async throws -> String {
        let other = try stage.transport("absent")
        let address = try await other.start(identity(9), handler: RecordingHandler())
        await other.stop(within: .zero)
        return address
    }

    @Test(arguments: TransportKind.allCases)
    func aDropTellsThePeer(kind: TransportKind) async throws {
        try await TransportPair.with(kind) { pair in
            await pair.bHandler.wait(for: .opened)
            await pair.bHandler.wait(for: .controlOpened)
            pair.a.drop(silo(1), reason: "enough")
            let end = try #require(await pair.bHandler.waitForEnd())
            #expect(end.cause == .goodbye)
            #expect(end.reason == "enough")
            await pair.bHandler.wait(for: .controlClosed(goodbye: true))
        }
    }

    @Test("After a drop a new session, and a new control connection, can be had", arguments: TransportKind.allCases)
    func again(kind: TransportKind) async throws {
        let stage = TransportStage(kind)
        let (a, b) = (try stage.transport("a"), try stage.transport("b"))
        let handler = RecordingHandler()
        let address = try await b.start(identity(1), handler: RecordingHandler { .result($0.arguments) })
        _ = try await a.start(identity(2), handler: handler)
        for round in 1...3 {
            let link = try a.link(to: silo(1), at: address)
            #expect(link.send(call(UInt64(round)), arguments: block(round), order: 0) == .accepted)
            await handler.wait(for: .reply(CallReply(UInt64(round), .result(block(round)))))
            await handler.wait { events in events.count { $0 == .controlOpened } >= round }
            a.drop(silo(1), reason: "round \(round)")
            await handler.wait { events in events.count { $0 == .controlClosed(goodbye: true) } >= round }
        }
        await handler.wait { events in events.count { if case .ended = $0 { true } else { false } } == 3 }
        #expect(handler.ends.map(\.reason) == ["round 1", "round 2", "round 3"])
        await a.stop(within: .zero)
        await b.stop(within: .zero)
    }

    @Test("What was queued reaches the peer before a stop ends", arguments: TransportKind.allCases)
    func stopping(kind: TransportKind) async throws {
        try await TransportPair.with(kind) { pair in
            for id in 1...50 as ClosedRange<UInt64> {
                #expect(pair.link.send(call(id), arguments: block(20_000), order: 1) == .accepted)
            }
            await pair.a.stop(within: .seconds(20))
            let own = try #require(pair.aHandler.ends.first)
            #expect(own.neverStarted.isEmpty)
            #expect(pair.bHandler.calls.count == 50)
            let end = await pair.bHandler.waitForEnd()
            #expect(end?.cause == .goodbye)
        }
    }

    @Test(
        "Strangers are refused with a reason", arguments: TransportKind.allCases,
        [RefusalCode.cluster, .incarnation, .ended])
    func refusals(kind: TransportKind, code: RefusalCode) async throws {
        let stage = TransportStage(kind)
        let (a, b) = (try stage.transport("a"), try stage.transport("b"))
        let aHandler = RecordingHandler()
        let admission = code == .ended ? Admission.refused(.ended, reason: "silo 2 ended in view 7") : .welcome
        let bHandler = RecordingHandler(admission: admission)
        let address = try await b.start(identity(1), handler: bHandler)
        _ = try await a.start(identity(2, cluster: code == .cluster ? "other" : "test"), handler: aHandler)
        let link = try a.link(to: silo(1, life: code == .incarnation ? 2 : 1), at: address)
        // It may be refused before or after this.
        _ = link.send(call(1), arguments: block(1), order: 0)
        let end = try #require(await aHandler.waitForEnd())
        #expect(end.cause == .refused(code))
        switch code {
        case .cluster: #expect(end.reason.contains("'other'") && end.reason.contains("'test'"))
        case .incarnation: #expect(end.reason.contains(silo(1).incarnation))
        default: #expect(end.reason == "silo 2 ended in view 7")
        }
        #expect(bHandler.all.isEmpty)
        await a.stop(within: .zero)
        await b.stop(within: .zero)
    }

    @Test(
        "A silo that came back as another incarnation at its old address is not taken for the old one",
        arguments: TransportKind.allCases)
    func restart(kind: TransportKind) async throws {
        let stage = TransportStage(kind)
        let (a, b) = (try stage.transport("a"), try stage.transport("b"))
        let aHandler = RecordingHandler()
        let address = try await b.start(identity(1), handler: RecordingHandler())
        _ = try await a.start(identity(3), handler: aHandler)
        _ = try a.link(to: silo(1), at: address)
        await aHandler.wait(for: .opened)
        await b.stop(within: .zero)
        let end = try #require(await aHandler.waitForEnd())
        #expect(end.cause == .goodbye)

        let ports = address.split(separator: ":")[1]
        let again = try stage.transport("b") { if kind == .network { $0.listen = "127.0.0.1:\(ports)" } }
        let handler = RecordingHandler { .result($0.arguments) }
        let newAddress = try await again.start(identity(2), handler: handler)
        #expect(newAddress == address)
        let outcome = await a.dial(address, within: .seconds(20))
        #expect(outcome == .accepted(silo(2)))
        let link = try a.link(to: silo(2), at: newAddress)
        #expect(link.send(call(8), arguments: block(1), order: 0) == .accepted)
        await aHandler.wait(for: .reply(CallReply(8, .result(block(1)))))
        await a.stop(within: .zero)
        await again.stop(within: .zero)
    }

    @Test(arguments: TransportKind.allCases)
    func dialsTellWhoIsThere(kind: TransportKind) async throws {
        let stage = TransportStage(kind)
        let (a, b) = (try stage.transport("a"), try stage.transport("b"))
        let address = try await b.start(identity(1), handler: RecordingHandler())
        _ = try await a.start(identity(2), handler: RecordingHandler())
        let outcomes = [
            await a.dial(address, within: .seconds(20)),
            await a.dial(try await absent(stage), within: .seconds(20)),
            await b.dial("nonsense", within: .seconds(20)),
        ]
        #expect(outcomes == [.accepted(silo(1)), .refused, .failed(reason: "'nonsense' is no address")])
        await a.stop(within: .zero)
        await b.stop(within: .zero)
    }

    @Test("Probes pass while large messages fill the data connection", arguments: TransportKind.allCases)
    func control(kind: TransportKind) async throws {
        try await TransportPair.with(kind) { pair in
            await pair.aHandler.wait(for: .controlOpened)
            await pair.bHandler.wait(for: .controlOpened)
            for id in 1...12 as ClosedRange<UInt64> {
                #expect(pair.link.send(call(id), arguments: block(2_000_000), order: id) == .accepted)
            }
            #expect(pair.a.sendControl(ByteBuffer(string: "probe"), to: silo(1)))
            await pair.bHandler.wait(for: .control(ByteBuffer(string: "probe")))
            if kind == .network {
                // Only sockets have a thread for probes; in one process, tasks share what threads there are.
                let before = pair.bHandler.all.prefix { $0 != .control(ByteBuffer(string: "probe")) }
                let calls = before.count { if case .call = $0 { true } else { false } }
                #expect(calls < 12, "the probe waited for the calls")
            }
            #expect(pair.b.sendControl(ByteBuffer(string: "answer"), to: silo(2)))
            await pair.aHandler.wait(for: .control(ByteBuffer(string: "answer")))
            #expect(!pair.a.sendControl(ByteBuffer(string: "probe"), to: silo(5)))
        }
    }

    @Test(arguments: TransportKind.allCases)
    func aClientCallsAGateway(kind: TransportKind) async throws {
        let stage = TransportStage(kind)
        let (client, b) = (try stage.transport("c", isClient: true), try stage.transport("b"))
        let bHandler = RecordingHandler { .result($0.arguments) }
        let handler = RecordingHandler()
        let address = try await b.start(identity(1), handler: bHandler)
        let own = try await client.start(clientIdentity(5), handler: handler)
        #expect(own.isEmpty)
        let outcome = await client.dial(address, within: .seconds(20))
        guard case .accepted(let gateway) = outcome else { throw TransportError(.state, "\(outcome)") }
        let link = try client.link(to: gateway, at: address)
        #expect(link.send(call(1), arguments: block(3), order: 0) == .accepted)
        await handler.wait(for: .reply(CallReply(1, .result(block(3)))))
        #expect(bHandler.links.first?.peer.isClient == true)
        await client.stop(within: .zero)
        await b.stop(within: .zero)
    }

    @Test("A session whose peer does not come back is forgotten", arguments: TransportKind.allCases)
    func retention(kind: TransportKind) async throws {
        let stage = TransportStage(kind)
        let (a, b) = (try stage.transport("a"), try stage.transport("b") { $0.sessionRetention = .milliseconds(50) })
        let bHandler = RecordingHandler()
        let address = try await stage.exposed(try await b.start(identity(1), handler: bHandler))
        _ = try await a.start(identity(2), handler: RecordingHandler())
        _ = try a.link(to: silo(1), at: address)
        await bHandler.wait(for: .opened)
        if kind == .network { await stage.proxy.close() } else { stage.network.cut("a", "b") }
        let end = try #require(await bHandler.waitForEnd())
        #expect(end.cause == .lost)
        await a.stop(within: .zero)
        await b.stop(within: .zero)
    }
}
