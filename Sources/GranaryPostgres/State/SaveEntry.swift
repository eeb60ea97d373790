import GranaryCore

/// A save within the batcher: an object, so that sorting and regrouping copy a pointer and no strings.
final class SaveEntry<Waiter> {
    /// What to save.
    let request: StateSave
    /// Who waits for the outcome.
    let waiter: Waiter
    /// When it came.
    let since: Duration
    /// The bytes of its states.
    let bytes: Int
    /// Whether it was sent once without an answer: it may have been committed.
    var isUncertain = false

    /// Takes a save, with its writes in key order.
    init(_ request: StateSave, waiter: Waiter, since: Duration) {
        var request = request
        if request.writes.count > 1 { request.writes.sort { KeyOrder.precedes($0.name, $1.name) } }
        self.request = request
        self.waiter = waiter
        self.since = since
        bytes = request.writes.reduce(0) { $0 + ($1.data?.count ?? 0) }
    }
}

/// Saves that travel in one statement.
struct SaveBatch<Waiter> {
    /// The saves, of different grains, in key order.
    var entries: [SaveEntry<Waiter>]
    /// Whether each save is a group of its own, which the server locks without waiting.
    var isGrouped = false
    /// How often it was sent without success.
    var attempts = 0

    /// How many rows it has.
    var rows: Int { entries.reduce(0) { $0 + $1.request.writes.count } }
}

/// The server's answer to one row.
struct SaveRowAnswer: Hashable {
    /// What the server did with a row.
    enum Outcome: Hashable {
        case saved, conflict, aborted, busy, fenced
    }

    /// What it did.
    var outcome: Outcome
    /// The etag that is stored, where the row conflicted.
    var stored: ETag?
}

/// A save that has come to its end.
struct SaveResolution<Waiter> {
    /// Who waits for the outcome.
    let waiter: Waiter
    /// The outcome.
    let result: Result<StateSaveOutcome, StorageError>
}
