internal import GranaryCore
internal import Logging
internal import NIOCore
internal import Synchronization

extension Session {
    /// Whether this side is the one that opens connections.
    var dials: Bool { engine.dials(peer) }

    /// Opens a connection if there is none and this side is to.
    func connect() {
        guard dials else { return }
        let address: TransportAddress? = state.withLock { state in
            guard !state.machine.isEnded, state.connection == nil, !state.isDialing else { return nil }
            state.isDialing = state.address != nil
            return state.address
        }
        guard let address else { return }
        engine.open(address, .data(self)) { [self] in dialFailed($0) }
    }

    /// What this side says when it opened a connection.
    func hello() -> Hello {
        let (number, resumes, delivered) = state.withLock { state in
            let number = state.number ?? engine.random.next()
            state.number = number
            return (number, state.hasOpened, state.machine.delivered)
        }
        var hello = engine.hello(.data, to: peer)
        hello.session = number
        hello.resumes = resumes
        hello.delivered = delivered
        return hello
    }

    /// No connection came about; another attempt follows.
    func dialFailed(_ failure: WireFailure) {
        let failures: Int? = state.withLock { state in
            state.isDialing = false
            guard !state.machine.isEnded else { return nil }
            state.failures += 1
            return state.failures
        }
        guard let failures else { return }
        engine.logger.log(
            level: failures == 1 ? .warning : .debug, "cannot connect",
            metadata: ["peer": "\(peer)", "reason": "\(failure)", "attempt": "\(failures)"])
        let delay = engine.settings.backoff.delay(after: failures, random: engine.random.next())
        engine.dialer.schedule(after: delay) { [self] in connect() }
    }

    /// The peer refused the connection.
    func refused(_ refusal: Refusal) {
        if refusal.code == .busy { return dialFailed(.other(refusal.reason)) }
        end(.refused(refusal.code), reason: refusal.reason)
    }

    /// The peer accepted the connection that this side opened.
    func welcomed(_ welcome: Welcome, on connection: WireConnection) {
        serialized { [self] in
            attach(connection, peerDelivered: welcome.delivered, largestMessage: welcome.largestMessage, welcome: nil)
        }
    }

    /// The peer opened a connection: what the old one has not delivered is discarded, then both say what they have.
    func accept(_ hello: Hello, on connection: WireConnection) {
        serialized { [self] in
            let old: WireConnection? = state.withLock { state in
                state.number = hello.session
                state.machine.detach()
                return state.connection.take()
            }
            old?.supersede()
            if old != nil { interrupted() }
            attach(
                connection, peerDelivered: hello.delivered, largestMessage: hello.largestMessage,
                welcome: engine.welcome(hello, delivered: state.withLock { $0.machine.delivered }))
        }
    }

    private func attach(
        _ connection: WireConnection, peerDelivered: UInt64, largestMessage: UInt64, welcome: Welcome?
    ) {
        var fault: WireFault?
        let isFirst: Bool? = state.withLock { state in
            state.isDialing = false
            guard !state.machine.isEnded else { return nil }
            do throws(WireFault) {
                try state.machine.attach(peerDelivered: peerDelivered)
            } catch {
                fault = error
                return nil
            }
            state.machine.limits.largestMessage = Int(
                min(UInt64(engine.settings.limits.largestMessage), largestMessage))
            state.connection = connection
            // The connection flushes once the greeting is written.
            state.isFlushing = true
            state.failures = 0
            state.attachments += 1
            defer { state.hasOpened = true }
            return !state.hasOpened
        }
        if let fault {
            end(.protocolError, reason: fault.description)
            return connection.bid(fault.description)
        }
        guard let isFirst else { return connection.bid(state.withLock(\.endReason)) }
        engine.logger.info("\(isFirst ? "session began" : "session resumed")", metadata: ["peer": "\(peer)"])
        if isFirst { handler.sessionOpened(self) } else { engine.handler?.sessionResumed(self) }
        connection.begin(self, with: welcome)
    }

    /// A connection closed; if it carried the session, another one has to.
    func connectionClosed(_ connection: WireConnection, _ reason: String) {
        serialized { [self] in
            let attachments: Int? = state.withLock { state in
                guard state.connection === connection else { return nil }
                state.connection = nil
                state.isFlushing = false
                state.machine.detach()
                return state.machine.isEnded ? nil : state.attachments
            }
            guard let attachments else { return }
            engine.logger.info("connection lost", metadata: ["peer": "\(peer)", "reason": "\(reason)"])
            interrupted()
            if dials {
                // At random within a few milliseconds, so that many do not come back at once.
                let delay = engine.settings.backoff.delay(after: 1, random: engine.random.next()) / 5
                engine.dialer.schedule(after: delay) { [self] in connect() }
            } else {
                expire(after: attachments)
            }
        }
    }

    private func interrupted() { handler.sessionInterrupted(self) }

    /// Forgets a session that nobody here asked for, unless its peer comes back.
    private func expire(after attachments: Int) {
        engine.dialer.schedule(after: engine.settings.retention) { [self] in
            let isOver = state.withLock { state in
                state.attachments == attachments && state.connection == nil && state.address == nil
            }
            if isOver { end(.lost, reason: "no connection for \(engine.settings.retention)") }
        }
    }

    /// Ends the session, if nothing of it waits for the peer, so that the peer learns what it did not get an answer to.
    ///
    /// While no callback runs: what was delivered is known then.
    ///
    /// - Returns: Whether the session is over.
    func endIfIdle(reason: String) async -> Bool {
        await withCheckedContinuation { continuation in
            serialized { [self] in
                let delivered: UInt64? = state.withLock { state in
                    if state.machine.isEnded { return 0 }
                    return state.machine.isIdle ? state.machine.delivered : nil
                }
                if let delivered { end(.dropped, reason: reason, delivered: delivered) }
                continuation.resume(returning: delivered != nil)
            }
        }
    }

    /// Ends the session.
    ///
    /// - Parameters:
    ///   - cause: Who ends it.
    ///   - reason: Why, in words.
    ///   - delivered: How many frames of the peer were delivered, where no other one ever will be.
    ///   - peerDelivered: How many frames of this side the peer says it has, and will ever have.
    func end(
        _ cause: SessionEnd.Cause, reason: String, delivered: UInt64? = nil, peerDelivered: UInt64? = nil
    ) {
        let ended: ([UInt64], WireConnection?, [CheckedContinuation<Void, Never>])? = state.withLock { state in
            guard !state.machine.isEnded else { return nil }
            let calls = state.machine.end(peerDelivered: peerDelivered)
            state.endReason = reason
            defer {
                state.connection = nil
                state.whenDrained = []
            }
            return (calls, state.connection, state.whenDrained)
        }
        guard let (calls, connection, continuations) = ended else { return }
        connection?.bid(reason, delivered: delivered)
        switch cause {
        // Whoever does not dial leaves the control connection alone: the peer says goodbye on it too, and a new one may
        // have overtaken this goodbye.
        case .goodbye, .refused: engine.remove(self, closingControl: dials ? reason : nil)
        // A drop, and a stop, close the control link themselves.
        case .dropped, .lost, .protocolError: engine.remove(self, closingControl: nil)
        }
        for continuation in continuations { continuation.resume() }
        engine.logger.info(
            "session ended", metadata: ["peer": "\(peer)", "cause": "\(cause)", "reason": "\(reason)"])
        serialized { [self] in
            handler.sessionEnded(self, SessionEnd(cause, reason: reason, neverStarted: calls))
        }
    }
}
