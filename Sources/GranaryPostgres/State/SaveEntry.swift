import DequeModule
import GranaryCore

/// A save within the batcher: an object, so that sorting and regrouping copy a pointer and no strings.
///
/// It is `@unchecked Sendable` because it is made by the caller, handed on through the inbox's lock or the loop's, and
/// touched under the loop's lock alone from then on.
final class SaveEntry<Waiter>: @unchecked Sendable {
    /// What to save.
    let request: StateSave
    /// Who waits for the outcome.
    let waiter: Waiter
    /// The grain, found quickly.
    let grain: HashedGrain
    /// The bytes of its states.
    let bytes: Int
    /// When it came.
    var since = Duration.zero
    /// Whether it was sent once without an answer: it may have been committed.
    var isUncertain = false
    /// Later saves of the same grain, which wait for this one (S1).
    var later = Deque<SaveEntry>()

    /// Takes a save, with its writes in key order.
    init(_ request: StateSave, waiter: Waiter) {
        var request = request
        if request.writes.count > 1 { request.writes.sort { KeyOrder.precedes($0.name, $1.name) } }
        self.request = request
        self.waiter = waiter
        grain = HashedGrain(request.grain)
        bytes = request.writes.reduce(0) { $0 + ($1.data?.count ?? 0) }
    }
}

/// A grain with its hash: whoever makes it pays for the hashing once, and look-ups do not.
struct HashedGrain: Hashable {
    private let hash: Int
    private let grain: GrainID

    init(_ grain: GrainID) {
        self.grain = grain
        hash = grain.hashValue
    }

    static func == (first: HashedGrain, second: HashedGrain) -> Bool {
        first.hash == second.hash && first.grain == second.grain
    }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

/// Saves that travel in one statement.
struct SaveBatch<Waiter> {
    /// The saves, of different grains, in key order.
    var entries: [SaveEntry<Waiter>]
    /// Whether each save is a group of its own, which the server locks without waiting.
    var isGrouped = false
    /// Whether the statement for one row wrote nothing, so that the one for all cases has to say why.
    var wasTriedAlone = false
    /// How often it was sent without success.
    var attempts = 0

    /// How many rows it has.
    var rows: Int { entries.reduce(0) { $0 + $1.request.writes.count } }

    /// The row, if it is the only one, and the statement for one row is to try it.
    var alone: (grain: GrainID, write: StateWrite)? {
        guard !isGrouped, !wasTriedAlone, entries.count == 1, entries[0].request.writes.count == 1 else { return nil }
        return (entries[0].request.grain, entries[0].request.writes[0])
    }
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

/// The server's answer to a batch.
enum SaveAnswers {
    /// Every row is saved.
    case allSaved
    /// The only row is not saved, and it has to be asked why.
    case unsaved
    /// One answer for each row, in the batch's order; `nil` where the server gave none.
    case rows([SaveRowAnswer?])
}

/// A save that has come to its end.
struct SaveResolution<Waiter> {
    /// Who waits for the outcome.
    let waiter: Waiter
    /// The outcome.
    let result: Result<StateSaveOutcome, StorageError>
}
