internal import GranaryCore
internal import Logging
internal import NIOCore
internal import Synchronization

/// The control connection with a peer: what is sent while there is none, or while it is full, is lost.
final class ControlLink: Sendable {
    private struct State {
        var connection: WireConnection?
        var address: TransportAddress?
        var isDialing = false
        var isOver = false
        var failures = 0
        /// Messages on their way to the loop.
        var queued = 0
    }

    /// The most messages on their way to the loop.
    private static let longestQueue = 1_024

    let peer: PeerIdentity
    private let engine: TransportEngine
    private let state = Mutex(State())

    init(peer: PeerIdentity, engine: TransportEngine) {
        self.peer = peer
        self.engine = engine
    }

    /// Keeps a connection up from here on.
    func keep(at address: TransportAddress) {
        state.withLock { $0.address = address }
        connect()
    }

    private func connect() {
        guard engine.dials(peer) else { return }
        let address: TransportAddress? = state.withLock { state in
            guard !state.isOver, state.connection == nil, !state.isDialing else { return nil }
            state.isDialing = state.address != nil
            return state.address
        }
        guard let address else { return }
        engine.open(address, .control(self)) { [weak self] in self?.dialFailed($0) }
    }

    func dialFailed(_ failure: WireFailure) {
        let failures: Int? = state.withLock { state in
            state.isDialing = false
            guard !state.isOver else { return nil }
            state.failures += 1
            return state.failures
        }
        guard let failures else { return }
        engine.logger.debug(
            "no control connection", metadata: ["peer": "\(peer)", "reason": "\(failure)", "attempt": "\(failures)"])
        let delay = engine.settings.backoff.delay(after: failures, random: engine.random.next())
        engine.dialer.schedule(after: delay) { [weak self] in self?.connect() }
    }

    func refused(_ refusal: Refusal) {
        // The session is refused for the same reason and tells the handler.
        if refusal.code == .busy { dialFailed(.other(refusal.reason)) } else { close("refused") }
    }

    /// A connection is greeted; on its loop.
    func attached(_ connection: WireConnection) {
        let (old, isOver) = state.withLock { state in
            state.isDialing = false
            if state.isOver { return (nil as WireConnection?, true) }
            state.failures = 0
            defer { state.connection = connection }
            return (state.connection, false)
        }
        if isOver { return connection.bid("dropped") }
        engine.register(self)
        if let old {
            old.supersede()
            engine.handler?.controlClosed(peer, goodbye: true)
        }
        engine.handler?.controlOpened(peer)
    }

    func connectionClosed(_ connection: WireConnection, goodbye: Bool) {
        let isKept: Bool? = state.withLock { state in
            guard state.connection === connection else { return nil }
            state.connection = nil
            return state.address != nil
        }
        guard let isKept else { return }
        if !isKept { engine.remove(self) }
        engine.handler?.controlClosed(peer, goodbye: goodbye)
        guard isKept else { return }
        let delay = engine.settings.backoff.delay(after: 1, random: engine.random.next()) / 5
        engine.dialer.schedule(after: delay) { [weak self] in self?.connect() }
    }

    /// Sends a message, if there is a connection that takes it.
    func send(_ message: ByteBuffer) -> Bool {
        let connection: WireConnection? = state.withLock { state in
            guard let connection = state.connection, state.queued < Self.longestQueue,
                message.readableBytes < WireFormat.largestFrame
            else { return nil }
            state.queued += 1
            return connection
        }
        guard let connection else { return false }
        connection.wire.execute { [self] in
            state.withLock { $0.queued -= 1 }
            // A probe that waits is worth nothing.
            guard !connection.isClosed, connection.wire.isWritable else { return }
            var bytes = ByteBuffer()
            bytes.writeFrame(FrameType.message) { $0.writeImmutableBuffer(message) }
            connection.wire.write(bytes)
            connection.wire.flush()
        }
        return true
    }

    /// What it is doing, in words.
    var debugDescription: String {
        state.withLock { state in
            [
                state.connection.map { "on \($0.wire.remote)" } ?? "no connection", state.isDialing ? "dialing" : "",
                state.isOver ? "over" : "", state.address.map { "to \($0)" } ?? "", "\(state.failures) failures",
                "\(state.queued) queued",
            ].filter { !$0.isEmpty }.joined(separator: "; ")
        }
    }

    /// Closes the connection for good.
    func close(_ reason: String) {
        let connection: WireConnection? = state.withLock { state in
            state.isOver = true
            state.address = nil
            return state.connection.take()
        }
        engine.remove(self)
        guard let connection else { return }
        connection.bid(reason)
        engine.handler?.controlClosed(peer, goodbye: true)
    }
}
