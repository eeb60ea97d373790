internal import NIOCore
internal import NIOSSL

/// Passes a channel's events on to its connection.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let make: (any Wire) -> WireConnection?
    private let remote: String?
    private let farewells: Farewells
    /// The name that the peer's certificate is still to be checked for.
    private var uncheckedName: String?
    private var connection: WireConnection?
    private var reason: String?

    /// Makes a handler.
    ///
    /// - Parameters:
    ///   - remote: Where the channel leads, if the channel does not know.
    ///   - peerName: The name that the certificate of whoever opened the channel must have.
    ///   - farewells: Where channels are counted that are about to close.
    ///   - make: The connection for the wire; `nil` closes the channel.
    init(
        remote: String? = nil, peerName: String? = nil, farewells: Farewells,
        _ make: @escaping (any Wire) -> WireConnection?
    ) {
        uncheckedName = peerName
        self.remote = remote
        self.farewells = farewells
        self.make = make
    }

    func channelActive(context: ChannelHandlerContext) {
        let remote = remote ?? context.channel.remoteAddress.map { "\($0)" } ?? "unknown"
        guard let connection = make(ChannelWire(context.channel, remote: remote, farewells: farewells)) else {
            return context.close(promise: nil)
        }
        self.connection = connection
        connection.opened()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if let name = uncheckedName {
            // The handshake is over when the first bytes come, and nothing was read of them yet.
            uncheckedName = nil
            guard PeerName.matches(try? context.pipeline.syncOperations.nioSSL_peerCertificate(), name) else {
                connection?.wireClosed("the certificate of the other side does not bear the name \(name)")
                connection = nil
                return context.close(promise: nil)
            }
        }
        connection?.received(unwrapInboundIn(data))
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { connection?.becameWritable() }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection?.wireClosed(reason ?? WireConnection.plainEnd)
        connection = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // TLS reports an end without its farewell after the reason; the first error tells more.
        if reason == nil { reason = TLSReason.describe(error) }
        context.close(promise: nil)
    }
}
