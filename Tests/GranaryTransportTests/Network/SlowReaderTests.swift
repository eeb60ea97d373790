import GranaryCore
import NIOCore
import Testing

@testable import GranaryTransport

/// A peer that does not read costs no more memory than the bounds say.
@Suite(.timeLimit(.minutes(1))) struct SlowReaderTests {
    private func connection(
        _ purpose: Hello.Purpose, _ wire: StuckWire, _ handler: RecordingHandler
    ) throws -> (TransportEngine, WireConnection) {
        var settings = EngineSettings()
        settings.limits = SessionLimits(largestMessage: 100_000, queuedBytes: 1_000_000)
        let engine = TransportEngine(
            settings: settings, isClient: false, time: SystemTimeSource(), random: SeededRandomSource(seed: 1),
            logger: quiet, dialer: NoDialer())
        try engine.start(identity(1), handler: handler)
        let connection = try #require(engine.accept(wire))
        var bytes = ByteBuffer()
        Hello(
            purpose: purpose, cluster: "test", sender: silo(2), receiver: silo(1), session: 9, resumes: false,
            delivered: 0, largestMessage: 1 << 20, clock: 0
        ).write(to: &bytes)
        connection.opened()
        connection.received(bytes)
        wire.run()
        return (engine, connection)
    }

    @Test func pingsOfAPeerThatDoesNotReadAreNotAnswered() throws {
        let wire = StuckWire()
        let (engine, connection) = try connection(.control, wire, RecordingHandler())
        wire.setWritable(false)
        let before = wire.written
        var pings = ByteBuffer()
        for _ in 0..<1_000 { pings.writePing(clock: 1) }
        connection.received(pings)
        for _ in 0..<1_000 { _ = engine.sendControl(ByteBuffer(string: "probe"), to: silo(2)) }
        wire.run()
        #expect(wire.written == before)
        wire.setWritable(true)
        connection.received(pings)
        #expect(wire.written > before)
    }

    @Test func framesForAPeerThatDoesNotReadWaitUntilTheBound() throws {
        let wire = StuckWire()
        let handler = RecordingHandler()
        let (_, connection) = try connection(.data, wire, handler)
        let link = try #require(handler.links.first)
        wire.setWritable(false)
        let before = wire.written
        var outcome = SendOutcome.accepted
        var accepted = 0
        while outcome == .accepted, accepted < 10_000 {
            outcome = link.send(call(UInt64(accepted)), arguments: block(1_000), order: 0)
            wire.run()
            if outcome == .accepted { accepted += 1 }
        }
        #expect(outcome == .overloaded)
        #expect((800...1_000).contains(accepted))
        #expect(wire.written == before)
        wire.setWritable(true)
        connection.becameWritable()
        #expect(wire.written > before + 1_000 * accepted)
    }
}
