internal import NIOCore

/// Opens wires to other processes, and keeps time while there is none.
protocol WireDialer: Sendable {
    /// Opens a wire.
    ///
    /// - Parameters:
    ///   - address: Where to.
    ///   - purpose: What for: it decides the port and the thread.
    ///   - limit: How long it may take.
    ///   - connected: Gets the wire, on its loop, before anything arrives.
    ///   - failed: Hears why there is none.
    func dial(
        _ address: TransportAddress, for purpose: Hello.Purpose, within limit: Duration,
        connected: @escaping @Sendable (any Wire) -> WireConnection, failed: @escaping @Sendable (WireFailure) -> Void)

    /// Runs something after a while.
    func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void)
}
