internal import GranaryCluster
internal import GranaryCore
internal import Logging
internal import NIOCore
internal import Synchronization

/// Hears what silos send to a client.
final class ClientHandler: TransportHandler {
    private let driver: ClientDriver

    init(_ driver: ClientDriver) { self.driver = driver }

    /// Nobody dials a client.
    func admits(_ peer: PeerIdentity) -> Admission { .refused(.other, reason: "a client serves nobody") }

    func received(_ call: consuming ReceivedCall, on link: any TransportLink) {
        _ = link.send(CallReply(call.head.id, .notStarted(.moved, view: driver.installed)))
    }

    func received(_ reply: CallReply, on link: any TransportLink) {
        driver.calls.finish(reply.call, .answered(reply.outcome))
    }

    func received(cancellationOf call: UInt64, on link: any TransportLink) {}

    func received(message: ByteBuffer, on link: any TransportLink) {
        var buffer = message
        do {
            driver.received(try CBORDecoder().decode(GatewayMessage.self, from: &buffer), on: link)
        } catch {
            driver.logger.warning(
                "a silo's message cannot be read and is ignored; is it of a newer version?",
                metadata: ["peer": "\(link.peer)", "error": "\(error)"])
        }
    }

    func received(control message: ByteBuffer, from peer: PeerIdentity) {}

    func receivedAll(from link: any TransportLink) {}

    func sessionOpened(_ link: any TransportLink) {
        driver.state.withLock { state in
            state.sessions[link.peer.silo] = link
            state.connected.insert(link.peer)
            driver.refresh(&state)
        }
    }

    func sessionInterrupted(_ link: any TransportLink) {
        driver.state.withLock { state in
            state.connected.remove(link.peer)
            driver.refresh(&state)
        }
    }

    func sessionResumed(_ link: any TransportLink) {
        driver.state.withLock { state in
            state.connected.insert(link.peer)
            driver.refresh(&state)
        }
    }

    func sessionEnded(_ link: any TransportLink, _ end: SessionEnd) {
        driver.calls.ended(link, end)
        driver.state.withLock { state in
            if state.sessions[link.peer.silo] === link {
                state.sessions[link.peer.silo] = nil
                state.connected.remove(link.peer)
            }
            if state.gateways[link.peer]?.link === link { state.gateways[link.peer] = nil }
            if Self.provesEnd(end.cause) { state.gone.insert(link.peer) }
            driver.refresh(&state)
        }
    }

    func controlOpened(_ peer: PeerIdentity) {}

    func controlClosed(_ peer: PeerIdentity, goodbye: Bool) {}

    /// Whether a session cannot be followed by another one with the same silo.
    private static func provesEnd(_ cause: SessionEnd.Cause) -> Bool {
        switch cause {
        case .goodbye: true
        // Another silo lives at the address, or the silo itself is over.
        case .refused(let code): code != .session && code != .busy
        case .dropped, .lost, .protocolError: false
        }
    }
}
