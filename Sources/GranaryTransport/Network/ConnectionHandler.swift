internal import NIOCore

/// Passes a channel's events on to its connection.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let make: (any Wire) -> WireConnection?
    private let remote: String?
    private let farewells: Farewells
    private var connection: WireConnection?
    private var reason: String?

    /// Makes a handler.
    ///
    /// - Parameters:
    ///   - remote: Where the channel leads, if the channel does not know.
    ///   - farewells: Where channels are counted that are about to close.
    ///   - make: The connection for the wire; `nil` closes the channel.
    init(remote: String? = nil, farewells: Farewells, _ make: @escaping (any Wire) -> WireConnection?) {
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
