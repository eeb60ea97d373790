internal import GranaryCore
internal import Logging
internal import NIOCore
internal import Synchronization

extension TransportEngine {
    func session(with peer: PeerIdentity, at address: TransportAddress) throws(TransportError) -> Session {
        var isNew = false
        let session: Session? = state.withLock { state in
            guard state.identity != nil, !state.isStopped, let handler = state.handler else { return nil }
            // One that just ended is about to leave the table, and takes nothing more.
            if let session = state.sessions[peer], !session.isEnded { return session }
            isNew = true
            let session = Session(peer: peer, engine: self, handler: handler, address: address)
            state.sessions[peer] = session
            return session
        }
        guard let session else { throw TransportError(.state, "The transport is not running.") }
        if !isNew { session.state.withLock { $0.address = address } }
        session.connect()
        // A client takes no part in the cluster's own protocol, so it has nothing to say there.
        if !isClient { controlLink(with: peer).keep(at: address) }
        return session
    }

    func controlLink(with peer: PeerIdentity) -> ControlLink {
        state.withLock { state in
            if let link = state.links[peer] { return link }
            let link = ControlLink(peer: peer, engine: self)
            state.links[peer] = link
            return link
        }
    }

    func sendControl(_ message: ByteBuffer, to peer: PeerIdentity) -> Bool {
        state.withLock { $0.links[peer] }?.send(message) ?? false
    }

    func drop(_ peer: PeerIdentity, reason: String) {
        // Both at once: what is asked for from here on is new, and this does not touch it.
        let (session, link) = state.withLock {
            ($0.sessions.removeValue(forKey: peer), $0.links.removeValue(forKey: peer))
        }
        session?.end(.dropped, reason: reason)
        link?.close(reason)
    }

    var isAcknowledged: Bool {
        state.withLock { Array($0.sessions.values) }.allSatisfy { $0.peer.isClient || $0.isAcknowledged }
    }

    /// Forgets a session, and closes the control link with its peer if they have nothing to say any more; not a link that
    /// came with a newer session.
    func remove(_ session: Session, closingControl reason: String?) {
        let link: ControlLink? = state.withLock { state in
            guard state.sessions[session.peer] === session else { return nil }
            state.sessions[session.peer] = nil
            return reason == nil ? nil : state.links.removeValue(forKey: session.peer)
        }
        if let reason { link?.close(reason) }
    }

    /// Puts a link that has a connection where it can be found.
    func register(_ link: ControlLink) {
        state.withLock { state in
            if state.links[link.peer] == nil { state.links[link.peer] = link }
        }
    }

    /// Forgets a link.
    func remove(_ link: ControlLink) {
        state.withLock { state in
            if state.links[link.peer] === link { state.links[link.peer] = nil }
        }
    }

    /// Waits until the peers have everything, at most until the limit, and ends all sessions.
    func stop(within limit: Duration) async {
        let sessions: [Session]? = state.withLock { state in
            defer { state.isStopped = true }
            return state.isStopped ? nil : Array(state.sessions.values)
        }
        guard let sessions else { return }
        dialer.schedule(after: limit) { for session in sessions { session.end(.dropped, reason: "stopped") } }
        for session in sessions {
            // What comes meanwhile is answered, too.
            repeat { await session.drained() } while await !session.endIfIdle(reason: "stopped")
        }
        let (rest, links) = state.withLock { (Array($0.sessions.values), Array($0.links.values)) }
        for session in rest { session.end(.dropped, reason: "stopped") }
        for link in links { link.close("stopped") }
    }

    /// Lets go of the handler once nothing is heard any more.
    func finish() {
        let dials = state.withLock { state in
            state.handler = nil
            state.links = [:]
            return Array(state.dials.values)
        }
        for dial in dials { dial.give(.timeout) }
    }

    func measured(_ peer: PeerIdentity, sent: Int64, received: Int64, peer clock: Int64) {
        state.withLock { $0.sessions[peer] }?.measure { $0.add(sent: sent, received: received, peer: clock) }
    }

    func assume(_ clock: Int64, of peer: PeerIdentity) {
        let now = self.clock
        state.withLock { $0.sessions[peer] }?.measure { $0.assume(peer: clock, received: now) }
    }
}
