internal import NIOCore

/// A wire that is a channel of SwiftNIO; its loop is the channel's.
final class ChannelWire: Wire {
    private let channel: any Channel
    let remote: String

    init(_ channel: any Channel, remote: String) {
        self.channel = channel
        self.remote = remote
    }

    var isWritable: Bool { channel.isWritable }

    func write(_ bytes: ByteBuffer) { channel.write(bytes, promise: nil) }

    func flush() { channel.flush() }

    func close() { channel.close(promise: nil) }

    func close(after bytes: ByteBuffer) {
        channel.writeAndFlush(bytes).whenComplete { [channel] _ in channel.close(promise: nil) }
        // A peer that does not read is not waited for.
        channel.eventLoop.scheduleTask(in: .seconds(1)) { [channel] in channel.close(promise: nil) }
    }

    func execute(_ work: @escaping @Sendable () -> Void) { channel.eventLoop.execute(work) }

    func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
        channel.eventLoop.scheduleTask(in: TimeAmount(delay), work)
    }
}
