@testable import GranaryTransport

/// Opens nothing and lets no time pass, for tests that make the connections themselves.
struct NoDialer: WireDialer {
    func dial(
        _ address: TransportAddress, for purpose: Hello.Purpose, within limit: Duration,
        connected: @escaping @Sendable (any Wire) -> WireConnection, failed: @escaping @Sendable (WireFailure) -> Void
    ) {}

    func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {}
}
