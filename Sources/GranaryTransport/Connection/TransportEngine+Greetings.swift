internal import GranaryCore
internal import Logging
internal import NIOCore
internal import Synchronization

extension TransportEngine {
    func hello(_ purpose: Hello.Purpose, to peer: PeerIdentity?) -> Hello {
        let identity = identity
        return Hello(
            purpose: purpose, cluster: identity.cluster, sender: identity.own, receiver: peer, session: 0,
            resumes: false, delivered: 0, largestMessage: UInt64(settings.limits.largestMessage), clock: clock)
    }

    func welcome(_ hello: Hello, delivered: UInt64) -> Welcome {
        Welcome(
            version: min(hello.newestVersion, WireFormat.newestVersion), sender: identity.own, session: hello.session,
            delivered: delivered, largestMessage: UInt64(settings.limits.largestMessage), clock: clock)
    }

    func judge(_ hello: Hello, from remote: String) -> Judgement {
        let identity = identity
        let own = identity.own
        guard hello.oldestVersion <= WireFormat.newestVersion, hello.newestVersion >= WireFormat.oldestVersion else {
            return .refused(
                Refusal(
                    code: .version,
                    reason: "\(hello.sender) speaks versions \(hello.oldestVersion) to \(hello.newestVersion) of the "
                        + "protocol, \(own) speaks \(WireFormat.oldestVersion) to \(WireFormat.newestVersion)"))
        }
        guard hello.cluster == identity.cluster else {
            return .refused(
                Refusal(
                    code: .cluster,
                    reason: "\(hello.sender) belongs to cluster '\(hello.cluster)', \(own) to '\(identity.cluster)'"))
        }
        if hello.purpose == .query { return .query }
        guard hello.receiver == own else {
            let meant = hello.receiver.map { "\($0)" } ?? "nobody"
            return .refused(
                Refusal(
                    code: own.silo == 0 ? .busy : .incarnation,
                    reason: "\(hello.sender) means to reach \(meant), but \(own) is here"))
        }
        guard hello.sender.isClient || hello.sender.silo > own.silo else {
            return .refused(
                Refusal(code: .other, reason: "\(hello.sender) has the lower number and must wait to be dialed"))
        }
        if case .refused(let code, let reason) = handler?.admits(hello.sender) {
            return .refused(Refusal(code: code, reason: reason))
        }
        return state.withLock(\.isStopped)
            ? .refused(Refusal(code: .busy, reason: "\(own) is stopping"))
            : hello.purpose == .data ? .data : .control
    }

    func acceptControl(_ hello: Hello) -> ControlLink {
        assume(hello.clock, of: hello.sender)
        return controlLink(with: hello.sender)
    }

    /// Finds or begins the session that a hello means, and hands it the connection.
    func acceptData(_ hello: Hello, on connection: WireConnection) {
        var replaced: Session?
        let session: Session? = state.withLock { state in
            if let known = state.sessions[hello.sender] {
                let (number, hasOpened) = known.state.withLock { ($0.number, $0.hasOpened) }
                if number == hello.session || number == nil && !hello.resumes && !hasOpened { return known }
                replaced = known
            }
            guard !hello.resumes, let handler = state.handler else {
                replaced = nil
                return nil
            }
            let address = replaced?.state.withLock(\.address)
            let session = Session(peer: hello.sender, engine: self, handler: handler, address: address)
            state.sessions[hello.sender] = session
            return session
        }
        // It took the old one's place in the table already.
        replaced?.end(.lost, reason: "the peer began a new session")
        guard let session else {
            return connection.refuse(
                Refusal(code: .session, reason: "\(hello.sender) wants to go on with a session that is not known here"))
        }
        assume(hello.clock, of: hello.sender)
        session.accept(hello, on: connection)
    }
}
