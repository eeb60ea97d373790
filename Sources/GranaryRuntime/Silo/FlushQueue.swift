internal import Synchronization

/// Write-behind flushes by the tick at which they are due.
final class FlushQueue: Sendable {
    private struct Entry: Sendable {
        var tick: UInt32
        var run: @Sendable () async -> Void
    }

    private let entries = Mutex<[Entry]>([])

    func add(_ tick: UInt32, _ run: @escaping @Sendable () async -> Void) {
        entries.withLock { $0.append(Entry(tick: tick, run: run)) }
    }

    /// The flushes that are due.
    func take(now: UInt32) -> [@Sendable () async -> Void] {
        entries.withLock { entries in
            let due = entries.filter { $0.tick <= now }
            guard !due.isEmpty else { return [] }
            entries.removeAll { $0.tick <= now }
            return due.map(\.run)
        }
    }
}
