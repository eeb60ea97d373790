internal import GranaryCluster
internal import GranaryCore
internal import Logging
internal import NIOCore
internal import Synchronization

/// Hears what arrives from other processes. Nothing here blocks; turns run in tasks of the silo.
final class ClusterHandler: TransportHandler {
    private struct Arrival: Hashable {
        var link: ObjectIdentifier
        var call: UInt64
    }

    /// Set once the silo knows its own address; until then the transport lets nobody in.
    private let box = Mutex<ClusterDriver?>(nil)
    private let running = Mutex<[Arrival: Task<Void, Never>?]>([:])

    private var driver: ClusterDriver? { box.withLock { $0 } }

    /// Begins to pass on what arrives.
    func serve(_ driver: ClusterDriver) { box.withLock { $0 = driver } }

    func admits(_ peer: PeerIdentity) -> Admission {
        guard let driver else { return .refused(.busy, reason: "the silo is starting") }
        if driver.state.withLock({ $0.membership.hasEnded(peer.silo) }) {
            return .refused(.ended, reason: "\(peer) has ended")
        }
        return .welcome
    }

    func received(_ call: ReceivedCall, on link: any TransportLink) {
        guard let runtime = driver?.runtime else {
            _ = link.send(CallReply(call.head.id, .notStarted(.closing, view: 0)))
            return
        }
        let arrival = Arrival(link: ObjectIdentifier(link), call: call.head.id)
        running.withLock { $0[arrival] = .some(nil) }
        let task = runtime._states.tasks.startApart { [self] in
            let outcome = await runtime.answer(call)
            let wasWaitedFor = running.withLock { $0.removeValue(forKey: arrival) } != nil
            if wasWaitedFor, !call.head.options.contains(.oneWay) { reply(call.head.id, outcome, on: link) }
        }
        running.withLock { running in
            // The call may have ended before its task was filed.
            if running[arrival] != nil { running[arrival] = task }
        }
    }

    private func reply(_ call: UInt64, _ outcome: CallReply.Outcome, on link: any TransportLink) {
        // L3: what an ended or unserving silo found out leaves it no more.
        guard driver?.isServing == true else { return }
        if case .tooLarge(let limit) = link.send(CallReply(call, outcome)) {
            let failure = CallFailure(
                code: GrainError.Code.encoding.name,
                message: "The result is larger than the \(limit) bytes that a message may have.")
            _ = link.send(CallReply(call, .error(failure)))
        }
    }

    func received(_ reply: CallReply, on link: any TransportLink) {
        driver?.calls.finish(reply.call, .answered(reply.outcome))
    }

    func received(cancellationOf call: UInt64, on link: any TransportLink) {
        let task = running.withLock { $0.removeValue(forKey: Arrival(link: ObjectIdentifier(link), call: call)) }
        if let task = task.flatMap({ $0 }) { task.cancel() }
    }

    func received(message: ByteBuffer, on link: any TransportLink) {
        guard let driver, let message = decode(message, from: link.peer) else { return }
        if driver.state.withLock({ $0.membership.hasEnded(link.peer.silo) }) { return }
        driver.ownership { $0.receive(message, from: link.peer.silo) }
    }

    func received(control message: ByteBuffer, from peer: PeerIdentity) {
        guard let driver, let message = decode(message, from: peer) else { return }
        driver.membership { $0.receive(message, from: peer.silo, now: $1) }
    }

    func sessionOpened(_ link: any TransportLink) {}

    func sessionInterrupted(_ link: any TransportLink) { closed(link.peer, goodbye: false) }

    func sessionResumed(_ link: any TransportLink) {}

    func sessionEnded(_ link: any TransportLink, _ end: SessionEnd) {
        driver?.calls.ended(link, end)
        let identifier = ObjectIdentifier(link)
        let orphans = running.withLock { running in
            let orphans = running.filter { $0.key.link == identifier }
            for arrival in orphans.keys { running[arrival] = nil }
            return orphans.values.compactMap { $0 }
        }
        for task in orphans { task.cancel() }
        driver?.ownership { $0.sessionLost(with: link.peer.silo) }
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
