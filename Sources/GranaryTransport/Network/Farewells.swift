internal import NIOCore
internal import Synchronization

/// The channels that said their last and wait for the other side to close, so that a stop can wait for them.
final class Farewells: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

    /// Counts a channel until it is closed; on its loop.
    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        channels.withLock { $0[id] = channel }
        channel.closeFuture.whenComplete { [self] _ in channels.withLock { $0[id] = nil } }
    }

    /// Waits until all of them are closed, which ``ChannelWire`` sees to within a second.
    func wait() async {
        for channel in channels.withLock({ Array($0.values) }) { try? await channel.closeFuture.get() }
    }
}
