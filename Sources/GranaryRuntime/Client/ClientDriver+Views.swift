internal import GranaryCluster
internal import GranaryCore
internal import Logging
internal import NIOCore
internal import Synchronization

// What silos tell of the cluster.
extension ClientDriver {
    /// How long a member that left may go on answering before its session is ended.
    private static var lastWords: Duration { .seconds(3) }

    /// A silo told something of the cluster.
    func received(_ message: GatewayMessage, on link: any TransportLink) {
        if let view = message.view { install(view, hashKey: message.hashKey, from: link.peer) }
        let now = time.now
        state.withLock { state in
            state.asked[link.peer.silo] = nil
            guard state.rings != nil, state.gateways[link.peer]?.link === link else { return }
            state.gateways[link.peer]?.asked = nil
            state.gateways[link.peer]?.heard = now
            refresh(&state)
        }
    }

    /// Routes by a view from here on, if it is newer than that in use.
    private func install(_ view: ClusterView, hashKey: HashKey, from peer: PeerIdentity) {
        let news: (dead: [PeerIdentity], ready: [Rendezvous<Void>], transport: (any SiloTransport)?)? =
            history.withLock { history in
                let (known, knownKey, isStranger) = state.withLock { state in
                    (
                        state.rings?.snapshot.view ?? 0, state.hashKey,
                        // Whoever is no member of the view in use, once nobody of it can be reached, is of a cluster that
                        // began anew.
                        state.told.isEmpty && state.members[peer.silo]?.incarnation != peer.incarnation
                    )
                }
                guard view.number > known || isStranger && view.number != known else { return nil }
                var next = RingHistory(key: hashKey, pointsPerWeight: Self.pointsPerWeight(hashKey))
                if let history, hashKey == knownKey { next = history }
                next.update(view.members, floor: view.number)
                history = next
                let rings = RingCache(
                    OwnershipSnapshot(silo: 0, view: view.number, history: next), hashKey: hashKey)
                return state.withLock { state in
                    state.hashKey = hashKey
                    state.rings = rings
                    let dead = replaceMembers(by: view, &state)
                    let ready = state.awaiting.filter { $0.view <= view.number || isStranger }.map(\.rendezvous)
                    state.awaiting.removeAll { $0.view <= view.number || isStranger }
                    return (dead, ready, state.transport)
                }
            }
        guard let news else { return }
        logger.debug("routing by a newer view", metadata: ["view": "\(view.number)", "told by": "\(peer)"])
        for peer in news.dead { news.transport?.drop(peer, reason: "it ended") }
        for rendezvous in news.ready { rendezvous.finish(()) }
    }

    private static func pointsPerWeight(_ key: HashKey) -> Int {
        OwnershipSettings(mode: .fast, hashKey: key).pointsPerWeight
    }

    /// Takes the members of a view over; answers those that died, whose sessions are to be ended at once.
    private func replaceMembers(by view: ClusterView, _ state: inout State) -> [PeerIdentity] {
        let former = state.members.values.filter(\.status.isLive).map(\.peer)
        state.members = Dictionary(view.members.map { ($0.silo, $0) }) { $1 }
        state.gone.formIntersection(view.members.filter(\.status.isLive).map(\.peer))
        let now = time.now
        var dead: [PeerIdentity] = []
        for peer in former {
            let member = state.members[peer.silo].flatMap { $0.incarnation == peer.incarnation ? $0 : nil }
            switch member?.status {
            case .left: state.leavers[peer] = now + Self.lastWords
            case .dead, nil: dead.append(peer)
            case .joining, .active, .leaving: break
            }
        }
        return dead
    }

    /// A silo spoke of a view that this client lacks: asks for it.
    func learn(_ view: Int64, from silo: Int32) {
        let now = time.now
        let question: (link: any TransportLink, known: Int64, isGateway: Bool)? = state.withLock { state in
            let known = state.rings?.snapshot.view ?? 0
            guard view > known, let link = state.sessions[silo],
                // One question is enough for all calls that were turned away at once.
                state.asked[silo].map({ now - $0 > .milliseconds(100) }) ?? true
            else { return nil }
            state.asked[silo] = now
            return (link, known, state.gateways[link.peer] != nil)
        }
        guard let question else { return }
        _ = send(ClientMessage(known: question.known, watch: question.isGateway), on: question.link)
    }

    func send(_ message: ClientMessage, on link: any TransportLink) -> SendOutcome {
        var buffer = ByteBuffer()
        do {
            try CBOREncoder().encode(message, into: &buffer)
        } catch {
            logger.error("a message for a silo cannot be encoded", metadata: ["error": "\(error)"])
            return .closed
        }
        return link.send(message: buffer)
    }

    /// Tells the client's user which gateways came and went.
    func refresh(_ state: inout State) {
        var next: [PeerIdentity: String] = [:]
        for (peer, gateway) in state.gateways where gateway.heard != nil && state.connected.contains(peer) {
            next[peer] = state.told[peer] ?? state.members[peer.silo]?.name ?? "\(peer)"
        }
        // Under the lock, so that events come in the order in which things happened; nobody's code runs here.
        for (peer, name) in next where state.told[peer] == nil {
            let isFirst = state.told.isEmpty
            state.told[peer] = name
            if isFirst { events.tell(ClientConnectionEvent(.connected, silo: name, gateways: 1)) }
            events.tell(ClientConnectionEvent(.gatewayFound, silo: name, gateways: state.told.count))
        }
        for (peer, name) in state.told where next[peer] == nil {
            state.told[peer] = nil
            events.tell(ClientConnectionEvent(.gatewayLost, silo: name, gateways: state.told.count))
            if state.told.isEmpty { events.tell(ClientConnectionEvent(.lost, silo: name, gateways: 0)) }
        }
        if !state.told.isEmpty { state.whenConnected.take()?.finish(.success(())) }
    }
}

extension ClusterMember {
    /// Who it is to transports.
    var peer: PeerIdentity { PeerIdentity(silo: silo, incarnation: incarnation) }
}
