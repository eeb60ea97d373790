import DequeModule
import GranaryCore

/// Gathers saves into batches, and follows each save to its outcome.
///
/// A state machine: events in, batches and resolutions out; no I/O, no clock, no lock. While all lanes are busy, saves
/// gather; the next batch takes what has gathered. A save that comes to an idle batcher leaves at once.
struct SaveBatcher<Waiter> {
    typealias Entry = SaveEntry<Waiter>
    typealias Batch = SaveBatch<Waiter>
    typealias Resolution = SaveResolution<Waiter>

    /// The limits that a batcher keeps.
    struct Limits {
        /// How many batches are under way at once.
        var lanes = 2
        /// The most rows of one batch.
        var rows = 1_000
        /// The most bytes of one batch, unless a single save has more.
        var bytes = 8 << 20
        /// How long a save may fail for passing reasons, with nothing written, before its caller is told.
        var patience = Duration.seconds(5)
        /// The pauses before a batch is sent again.
        var pauses = Backoff(first: .milliseconds(5), limit: .seconds(1))
    }

    let limits: Limits
    let random: any RandomSource
    /// Saves that may leave, the oldest first.
    var ready = Deque<Entry>()
    /// The save of each grain that is in ``ready``, in a batch or waiting to be sent again (S1).
    var grains: [HashedGrain: Entry] = [:]
    /// Batches that are sent again, each not before its time.
    var again: [(due: Duration, batch: Batch)] = []
    var lanes: BatchLanes
    /// Set when no new saves are taken.
    var isClosing = false

    /// Makes a batcher.
    ///
    /// - Parameters:
    ///   - limits: The limits.
    ///   - random: Where the jitter of pauses comes from.
    init(limits: Limits, random: any RandomSource) {
        self.limits = limits
        self.random = random
        lanes = BatchLanes(limit: limits.lanes)
    }

    /// Whether there is nothing left to do.
    var isEmpty: Bool { grains.isEmpty }

    /// Takes a save.
    ///
    /// - Parameters:
    ///   - entry: The save.
    ///   - now: The time.
    mutating func add(_ entry: Entry, at now: Duration) {
        entry.since = now
        if let first = grains.updateValue(entry, forKey: entry.grain) {
            grains[entry.grain] = first
            first.later.append(entry)
        } else {
            ready.append(entry)
        }
    }

    /// Takes the next batch, if a lane is free and there is something to send.
    ///
    /// - Parameter now: The time.
    /// - Returns: The batch, which counts as under way until one of the event methods gets it back.
    mutating func next(at now: Duration) -> Batch? {
        guard lanes.isFree else { return nil }
        if let index = again.firstIndex(where: { $0.due <= now }) {
            let batch = again.remove(at: index).batch
            lanes.sent(batch.entries.count, at: now)
            return batch
        }
        guard lanes.isOpen(waiting: ready.count, at: now), let first = ready.popFirst() else { return nil }
        var entries = [first]
        var rows = first.request.writes.count
        var bytes = first.bytes
        while let entry = ready.first, rows + entry.request.writes.count <= limits.rows,
            bytes + entry.bytes <= limits.bytes
        {
            ready.removeFirst()
            entries.append(entry)
            rows += entry.request.writes.count
            bytes += entry.bytes
        }
        entries.sort { KeyOrder.precedes($0.request.grain, $1.request.grain) }
        lanes.sent(entries.count, at: now)
        return Batch(entries: entries)
    }

    /// How many further saves it waits for, and until when; see ``BatchLanes/patience(waiting:at:)``.
    func patience(at now: Duration) -> (requests: Int, until: Duration?) {
        lanes.patience(waiting: ready.count, at: now)
    }

    /// When ``next(at:)`` has a batch that it does not have now, or ``expire(at:)`` something to fail.
    var nextDue: Duration? {
        guard let oldest = ready.first else { return lanes.isFree ? again.lazy.map(\.due).min() : nil }
        guard let opening = lanes.opening else { return oldest.since + limits.patience * 2 }
        return again.lazy.map(\.due).reduce(opening, min)
    }

    /// Ends a save and lets the grain's next one leave.
    mutating func resolve(
        _ entry: Entry, _ result: Result<StateSaveOutcome, StorageError>, into resolutions: inout [Resolution]
    ) {
        if let next = entry.later.popFirst() {
            swap(&next.later, &entry.later)
            grains[entry.grain] = next
            ready.append(next)
        } else {
            grains[entry.grain] = nil
        }
        resolutions.append(Resolution(waiter: entry.waiter, result: result))
    }

    /// Sends a batch again after a pause.
    mutating func retry(_ batch: Batch, at now: Duration) {
        var batch = batch
        batch.attempts += 1
        again.append((now + limits.pauses.pause(after: batch.attempts, random: random), batch))
    }

    /// Sends a batch again at once.
    mutating func retryAtOnce(_ batch: Batch, at now: Duration) {
        again.append((now, batch))
    }
}
