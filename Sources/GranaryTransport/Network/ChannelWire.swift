internal import NIOCore

/// A wire that is a channel of SwiftNIO; its loop is the channel's.
final class ChannelWire: Wire {
    private let channel: any Channel
    let remote: String
    private let farewells: Farewells

    init(_ channel: any Channel, remote: String, farewells: Farewells) {
        self.channel = channel
        self.remote = remote
        self.farewells = farewells
    }

    var isWritable: Bool { channel.isWritable }

    func write(_ bytes: ByteBuffer) { channel.write(bytes, promise: nil) }

    func flush() { channel.flush() }

    func close() { channel.close(promise: nil) }

    func close(after bytes: ByteBuffer) {
        farewells.add(channel)
        // Closing a socket with unread bytes resets the connection, and a reset discards what the peer has not read: so
        // only this direction is closed, and the peer closes the rest once it read the last bytes.
        channel.writeAndFlush(bytes).whenComplete { [channel] result in
            if case .failure = result { return channel.close(promise: nil) }
            channel.close(mode: .output).whenFailure { _ in channel.close(promise: nil) }
        }
        // A peer that does not read, or does not close, is not waited for.
        channel.eventLoop.scheduleTask(in: .seconds(1)) { [channel] in channel.close(promise: nil) }
    }

    func execute(_ work: @escaping @Sendable () -> Void) { channel.eventLoop.execute(work) }

    func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
        channel.eventLoop.scheduleTask(in: TimeAmount(delay), work)
    }
}
