import GranaryCore

@testable import GranaryPostgres

/// A batcher that stays in one place, so that its changes can stand inside of expectations.
final class BatcherUnderTest {
    private var batcher: SaveBatcher<Int>

    init(_ batcher: SaveBatcher<Int>) { self.batcher = batcher }

    var isEmpty: Bool { batcher.isEmpty }
    var nextDue: Duration? { batcher.nextDue }

    func add(_ request: StateSave, waiter: Int, at now: Duration) {
        batcher.add(SaveEntry(request, waiter: waiter), at: now)
    }

    func next(at now: Duration) -> SaveBatch<Int>? { batcher.next(at: now) }

    func answered(
        _ batch: SaveBatch<Int>, _ answers: [SaveRowAnswer?], at now: Duration
    ) -> [SaveBatcher<Int>.Resolution] {
        batcher.answered(batch, .rows(answers), at: now)
    }

    func answered(_ batch: SaveBatch<Int>, _ answers: SaveAnswers, at now: Duration) -> [SaveBatcher<Int>.Resolution] {
        batcher.answered(batch, answers, at: now)
    }

    func patience(at now: Duration) -> (requests: Int, until: Duration?) { batcher.patience(at: now) }

    func refused(_ batch: SaveBatch<Int>, _ error: ServerError, at now: Duration) -> [SaveBatcher<Int>.Resolution] {
        batcher.refused(batch, error, at: now)
    }

    func lost(_ batch: SaveBatch<Int>, _ error: StorageError, at now: Duration) -> [SaveBatcher<Int>.Resolution] {
        batcher.lost(batch, error, at: now)
    }

    func notSent(_ batch: SaveBatch<Int>, _ error: StorageError, at now: Duration) -> [SaveBatcher<Int>.Resolution] {
        batcher.notSent(batch, error, at: now)
    }

    func abandon() -> [SaveBatcher<Int>.Resolution] { batcher.abandon() }
}
