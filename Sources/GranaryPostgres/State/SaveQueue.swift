import GranaryCore
import Metrics

/// Carries out what a ``SaveBatcher`` decides; belongs to the loop of the connections.
final class SaveQueue {
    typealias Waiter = any SaveReceiver

    private var batcher: SaveBatcher<Waiter>
    let silo: Int32
    private let pool: ConnectionPool

    /// Makes a queue.
    ///
    /// - Parameters:
    ///   - silo: The member that writes.
    ///   - pool: The connections.
    init(silo: Int32, pool: ConnectionPool) {
        self.silo = silo
        self.pool = pool
        let configuration = pool.configuration
        let limits = SaveBatcher<Waiter>.Limits(
            lanes: max(1, configuration.saveLanes), rows: max(1, configuration.batchRows),
            bytes: configuration.batchBytes, patience: configuration.acquireTimeout)
        batcher = SaveBatcher(limits: limits, random: pool.context.random)
    }

    /// Whether all saves have come to their end.
    var isEmpty: Bool { batcher.isEmpty }

    /// Whether the last batch was a single save, so that the next one is likely to be one, too.
    private(set) var isQuiet = true

    /// How many further saves it waits for, and until when; see ``BatchLanes/patience(waiting:at:)``.
    func patience(at now: Duration) -> (requests: Int, until: Duration?) { batcher.patience(at: now) }

    /// When there is something to do without the network.
    var nextDue: Duration? { batcher.nextDue }

    /// Takes a save.
    func add(_ entry: SaveEntry<Waiter>, at now: Duration) { batcher.add(entry, at: now) }

    /// Sends what can be sent.
    ///
    /// - Parameter now: The time.
    func pump(at now: Duration) {
        finish(batcher.expire(at: now))
        while let batch = batcher.next(at: now) {
            isQuiet = batch.entries.count == 1
            pool.metrics.saveRows.record(batch.rows)
            if batch.entries.contains(where: \.isUncertain) { pool.metrics.resent.increment() }
            let statement = SaveStatement.make(batch, silo: silo, configuration: pool.configuration)
            pool.submit(statement) { [unowned self] result in ended(batch, result, sent: now) }
        }
    }

    /// Fails what has not come to its end.
    func abandon() { finish(batcher.abandon()) }

    private func ended(
        _ batch: SaveBatch<Waiter>, _ result: Result<ResultRows, StatementFailure>, sent: Duration
    ) {
        let now = pool.context.time.now
        switch result {
        case .success(let answer):
            pool.metrics.saveSeconds.record((now - sent) / .seconds(1))
            finish(batcher.answered(batch, SaveStatement.answers(answer, of: batch), at: now))
        case .failure(.refused(let error)): finish(batcher.refused(batch, error, at: now))
        case .failure(.lost(let error)): finish(batcher.lost(batch, error, at: now))
        case .failure(.notSent(let error)): finish(batcher.notSent(batch, error, at: now))
        }
    }

    private func finish(_ resolutions: [SaveResolution<Waiter>]) {
        for resolution in resolutions {
            if case .success(.conflict) = resolution.result { pool.metrics.conflicts.increment() }
            resolution.waiter.saved(resolution.result.mapError { $0 as any Error })
        }
    }
}
