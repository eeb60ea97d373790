import DequeModule
import GranaryCore

/// A load within the batcher.
struct LoadEntry<Waiter> {
    /// What to load.
    let request: StateLoad
    /// Who waits for the records.
    let waiter: Waiter
    /// When it came.
    let since: Duration
}

/// Loads that travel in one statement.
struct LoadBatch<Waiter> {
    /// The loads.
    var entries: [LoadEntry<Waiter>]
    /// How often it was sent without success.
    var attempts = 0

    /// How many rows it asks for.
    var rows: Int { entries.reduce(0) { $0 + $1.request.names.count } }
}

/// Gathers loads into batches.
///
/// A state machine like ``SaveBatcher``, but a simpler one: reading twice does no harm, so what failed for a passing
/// reason is sent again until the callers have waited long enough.
struct LoadBatcher<Waiter> {
    typealias Entry = LoadEntry<Waiter>
    typealias Batch = LoadBatch<Waiter>

    /// The most rows of one batch.
    let rows: Int
    /// How long loads are sent again.
    let patience: Duration
    /// The pauses before that.
    let pauses: Backoff
    let random: any RandomSource

    private(set) var ready = Deque<Entry>()
    private(set) var again: [(due: Duration, batch: Batch)] = []
    private var lanes: BatchLanes

    /// Makes a batcher.
    ///
    /// - Parameters:
    ///   - lanes: How many batches are under way at once.
    ///   - rows: The most rows of one batch.
    ///   - patience: How long loads are sent again.
    ///   - pauses: The pauses before that.
    ///   - random: Where the jitter of pauses comes from.
    init(
        lanes: Int, rows: Int, patience: Duration,
        pauses: Backoff = Backoff(first: .milliseconds(5), limit: .seconds(1)), random: any RandomSource
    ) {
        self.lanes = BatchLanes(limit: lanes)
        self.rows = rows
        self.patience = patience
        self.pauses = pauses
        self.random = random
    }

    /// Whether there is nothing left to do.
    var isEmpty: Bool { ready.isEmpty && again.isEmpty && lanes.underWay == 0 }

    /// Takes a load.
    mutating func add(_ request: StateLoad, waiter: Waiter, at now: Duration) {
        ready.append(Entry(request: request, waiter: waiter, since: now))
    }

    /// Takes the next batch, if a lane is free and there is something to send.
    mutating func next(at now: Duration) -> Batch? {
        guard lanes.isFree else { return nil }
        if let index = again.firstIndex(where: { $0.due <= now }) {
            let batch = again.remove(at: index).batch
            lanes.sent(batch.entries.count, at: now)
            return batch
        }
        guard lanes.isOpen(waiting: ready.count, at: now), let first = ready.popFirst() else { return nil }
        var entries = [first]
        var count = first.request.names.count
        while let entry = ready.first, count + entry.request.names.count <= rows {
            ready.removeFirst()
            entries.append(entry)
            count += entry.request.names.count
        }
        lanes.sent(entries.count, at: now)
        return Batch(entries: entries)
    }

    /// How many further loads it waits for, and until when; see ``BatchLanes/patience(waiting:at:)``.
    func patience(at now: Duration) -> (requests: Int, until: Duration?) {
        lanes.patience(waiting: ready.count, at: now)
    }

    /// When ``next(at:)`` has a batch that it does not have now.
    var nextDue: Duration? {
        guard lanes.isFree else { return nil }
        let due = again.lazy.map(\.due).min()
        guard !ready.isEmpty, let opening = lanes.opening else { return due }
        return min(opening, due ?? opening)
    }

    /// A batch was answered.
    mutating func answered(_ batch: Batch) { lanes.ended(batch.entries.count) }

    /// A batch failed.
    ///
    /// - Parameters:
    ///   - batch: The batch.
    ///   - failure: Why.
    ///   - now: The time.
    /// - Returns: The loads that fail with it; the others are sent again.
    mutating func failed(_ batch: Batch, _ failure: StatementFailure, at now: Duration) -> [Entry] {
        lanes.ended(batch.entries.count)
        switch failure {
        case .notSent: return batch.entries
        case .refused(let error):
            switch error.state.meaning {
            case .dataRefused, .schemaMissing, .misconfigured: return batch.entries
            case .contention, .exhausted, .serverLeaving, .connectionInDoubt: break
            }
        case .lost: break
        }
        var patient = Batch(entries: [], attempts: batch.attempts + 1)
        var failed: [Entry] = []
        for entry in batch.entries {
            if entry.since + patience <= now { failed.append(entry) } else { patient.entries.append(entry) }
        }
        if !patient.entries.isEmpty {
            again.append((now + pauses.pause(after: patient.attempts, random: random), patient))
        }
        return failed
    }

    /// Gives up: nothing more is sent.
    ///
    /// - Returns: The loads that were not under way.
    mutating func abandon() -> [Entry] {
        defer {
            ready.removeAll()
            again.removeAll()
        }
        return Array(ready) + again.flatMap(\.batch.entries)
    }
}
