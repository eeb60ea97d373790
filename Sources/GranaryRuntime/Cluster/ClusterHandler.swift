internal import GranaryCluster
internal import GranaryCore
internal import Logging
internal import NIOCore
internal import Synchronization

/// Hears what arrives from other processes.
///
/// Nothing here blocks; turns run in tasks of the silo.
final class ClusterHandler: TransportHandler {
    /// Set once the silo knows its own address; until then the transport lets nobody in.
    private let box = AtomicLazyReference<Service>()

    private final class Service: Sendable {
        let driver: ClusterDriver
        /// `nil` when the silo is gone.
        let desk: CallDesk?

        init(_ driver: ClusterDriver) {
            self.driver = driver
            desk = driver.runtime.map { CallDesk(driver, of: $0) }
        }
    }

    private var driver: ClusterDriver? { box.load()?.driver }

    /// Begins to pass on what arrives.
    func serve(_ driver: ClusterDriver) { _ = box.storeIfNil(Service(driver)) }

    func admits(_ peer: PeerIdentity) -> Admission {
        guard let driver else { return .refused(.busy, reason: "the silo is starting") }
        if peer.isClient { return .welcome }
        if driver.state.withLock({ $0.membership.hasEnded(peer.silo) }) {
            return .refused(.ended, reason: "\(peer) has ended")
        }
        return .welcome
    }

    func received(_ call: consuming ReceivedCall, on link: any TransportLink) {
        guard let desk = box.load()?.desk else {
            _ = link.send(CallReply(call.head.id, .notStarted(.closing, view: 0)))
            return
        }
        guard desk.driver.clients.enter(link) else {
            _ = link.send(CallReply(call.head.id, .notStarted(.overloaded, view: desk.driver.installed)))
            return
        }
        if call.head.grain.type.isEmpty { return desk.serve(call, on: link) }
        guard let type = desk.driver.hosted(call.head.grain.type) else { return desk.refuse(call.head, on: link) }
        type.host.receive(call, on: link, hash: type.hasher.hash(call.head.grain.key), at: desk)
    }

    func received(_ reply: CallReply, on link: any TransportLink) {
        driver?.calls.finish(reply.call, .answered(reply.outcome))
    }

    func received(cancellationOf call: UInt64, on link: any TransportLink) {
        driver?.arrivals.abandon(Arrival.Key(link: ObjectIdentifier(link), call: call))
    }

    func received(message: ByteBuffer, on link: any TransportLink) {
        guard let driver else { return }
        if link.isClient {
            let view = driver.state.withLock(\.membership.view)
            return driver.clients.received(message, on: link, view: view, hashKey: driver.hashKey)
        }
        guard let message = decode(message, from: link.peer) else { return }
        if driver.state.withLock({ $0.membership.hasEnded(link.silo) }) { return }
        switch message {
        case .waitProbe(let probe, let number):
            let call = ArrivedChain.Call(link: ObjectIdentifier(link), number: number)
            driver.start { await driver.runtime?.follow(probe, to: call, driver) }
        case .waitCircle(let circle): driver.runtime?.check(circle, driver)
        default: driver.ownership { $0.receive(message, from: link.silo) }
        }
    }

    func received(control message: ByteBuffer, from peer: PeerIdentity) {
        guard let driver, !peer.isClient, let message = decode(message, from: peer) else { return }
        // A newcomer whose first view got lost: it is answered once the list of members tells who it is.
        if case .probe(_, let report) = message, driver.identity(of: peer.silo) == nil {
            driver.learn(report.view, from: peer.silo)
        }
        driver.membership { $0.receive(message, from: peer.silo, now: $1) }
    }

    func receivedAll(from link: any TransportLink) { driver?.quickLine.start() }

    func sessionOpened(_ link: any TransportLink) {}

    func sessionInterrupted(_ link: any TransportLink) { closed(link.peer, goodbye: false) }

    func sessionResumed(_ link: any TransportLink) {}

    func sessionEnded(_ link: any TransportLink, _ end: SessionEnd) {
        driver?.routes?.forget(link)
        driver?.calls.ended(link, end)
        driver?.arrivals.forget(link)
        if link.isClient { return driver?.clients.forget(link) ?? () }
        driver?.ownership { $0.sessionLost(with: link.silo) }
    }

    func controlOpened(_ peer: PeerIdentity) {}

    func controlClosed(_ peer: PeerIdentity, goodbye: Bool) { closed(peer, goodbye: goodbye) }

    private func closed(_ peer: PeerIdentity, goodbye: Bool) {
        // An older incarnation's connection says nothing of the member that has its number now.
        guard let driver, driver.identity(of: peer.silo) == peer else { return }
        driver.membership { $0.connectionClosed(to: peer.silo, goodbye: goodbye, now: $1) }
    }

    private func decode(_ buffer: ByteBuffer, from peer: PeerIdentity) -> ClusterMessage? {
        var buffer = buffer
        do {
            return try CBORDecoder().decode(ClusterMessage.self, from: &buffer)
        } catch {
            driver?.logger.warning(
                "a cluster message cannot be read and is ignored; is the peer of a newer version?",
                metadata: ["peer": "\(peer)", "error": "\(error)"])
            return nil
        }
    }
}
