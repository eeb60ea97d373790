import Synchronization

/// Where callers leave what they have measured.
final class LatencyBox: Sendable {
    private let state = Mutex(Latencies())

    /// What all of them have left.
    var latencies: Latencies { state.withLock(\.self) }

    func add(_ latencies: Latencies) { state.withLock { $0.add(latencies) } }
}
