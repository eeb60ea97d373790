import GranaryCore
import Metrics

/// Carries out what a ``LoadBatcher`` decides; belongs to the loop of the connections.
final class LoadQueue {
    typealias Waiter = any LoadReceiver

    private var batcher: LoadBatcher<Waiter>
    private let pool: ConnectionPool

    /// Makes a queue.
    ///
    /// - Parameter pool: The connections.
    init(pool: ConnectionPool) {
        self.pool = pool
        batcher = LoadBatcher(
            lanes: max(1, pool.configuration.loadLanes), rows: max(1, pool.configuration.batchRows),
            patience: pool.configuration.acquireTimeout, random: pool.context.random)
    }

    /// Whether all loads have come to their end.
    var isEmpty: Bool { batcher.isEmpty }

    /// Whether the last batch was a single load, so that the next one is likely to be one, too.
    private(set) var isQuiet = true

    /// How many further loads it waits for, and until when; see ``BatchLanes/patience(waiting:at:)``.
    func patience(at now: Duration) -> (requests: Int, until: Duration?) { batcher.patience(at: now) }

    /// When there is something to do without the network.
    var nextDue: Duration? { batcher.nextDue }

    /// Takes a load.
    func add(_ request: StateLoad, waiter: Waiter, at now: Duration) {
        batcher.add(request, waiter: waiter, at: now)
    }

    /// Sends what can be sent.
    ///
    /// - Parameter now: The time.
    func pump(at now: Duration) {
        while let batch = batcher.next(at: now) {
            isQuiet = batch.entries.count == 1
            pool.metrics.loadRows.record(batch.rows)
            let statement = LoadStatement.make(batch, configuration: pool.configuration)
            pool.submit(statement) { [unowned self] result in ended(batch, result, sent: now) }
        }
    }

    /// Fails what has not come to its end.
    func abandon() {
        let error = StorageError(.unavailable, "The database connection was closed before the state was loaded.")
        for entry in batcher.abandon() { entry.waiter.loaded(.failure(error)) }
    }

    private func ended(
        _ batch: LoadBatch<Waiter>, _ result: Result<ResultRows, StatementFailure>, sent: Duration
    ) {
        let now = pool.context.time.now
        switch result {
        case .success(let rows):
            pool.metrics.loadSeconds.record((now - sent) / .seconds(1))
            batcher.answered(batch)
            let loaded = LoadedRows(rows, count: batch.rows)
            var row = 0
            for entry in batch.entries {
                let count = entry.request.names.count
                entry.waiter.loaded(.success(LoadedStates(loaded, from: row, count: count)))
                row += count
            }
        case .failure(let failure):
            let error = failure.storageError(reads: true)
            for entry in batcher.failed(batch, failure, at: now) { entry.waiter.loaded(.failure(error)) }
        }
    }
}
