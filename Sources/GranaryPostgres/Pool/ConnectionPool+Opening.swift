import DequeModule
import GranaryCore
import Logging

extension ConnectionPool {
    /// Takes the outcome of an attempt to connect.
    ///
    /// - Parameters:
    ///   - index: The connection.
    ///   - generation: The opening.
    ///   - outcome: The socket, or why there is none.
    func connected(_ index: Int, _ generation: Int, _ outcome: Result<ServerConnection, StorageError>) {
        switch outcome {
        case .failure(let error):
            openingFailed(index, generation, error)
        case .success(let server):
            let until = context.time.now + configuration.connectTimeout
            guard slots[index].life.connected(generation, checkUntil: until) else { return }
            slots[index].server = server
            recordConnections()
            let check = Statement(
                sql: ServerCheck.sql, parameters: ParameterBuffer(), timeout: configuration.connectTimeout,
                patience: .zero)
            transmit(check, on: index) { [unowned self] result in checked(index, generation, result) }
        }
    }

    private func checked(_ index: Int, _ generation: Int, _ result: Result<ResultRows, StatementFailure>) {
        do throws(StorageError) {
            switch result {
            case .success(let rows):
                try ServerCheck.judge(rows)
                if let server = slots[index].server { server.keepsSession = server.isBackend(rows.int32(0, 5)) }
            case .failure(let failure): throw failure.storageError(reads: true)
            }
        } catch {
            slots[index].server = nil
            slots[index].running = nil
            slots[index].mustFlush = false
            return openingFailed(index, generation, error)
        }
        slots[index].life.checked(at: context.time.now)
        lastFailure = nil
        context.logger.debug("PostgreSQL connection ready", metadata: ["connection": "\(index)"])
        serve()
    }

    private func openingFailed(_ index: Int, _ generation: Int, _ error: StorageError) {
        guard slots[index].life.failed(generation, at: context.time.now, random: context.random) else { return }
        recordConnections()
        lastFailure = error
        context.logger.debug(
            "PostgreSQL connection failed",
            metadata: [
                "connection": "\(index)", "failures": "\(slots[index].life.failures)", "error": "\(error.message)",
            ])
        let isCutOff = slots.allSatisfy { $0.server == nil }
        failWaiting { isCutOff && $0.statement.patience == .zero }
    }

    /// Ends what took too long, and starts what paused long enough.
    ///
    /// - Parameter now: The time.
    func tick(_ now: Duration) {
        for index in slots.indices {
            switch slots[index].life.state {
            case .busy(let until) where until <= now:
                if let server = slots[index].server { canceller.cancel(server) }
                drop(index, because: "no answer within the statement timeout")
            case .checking(let until) where until <= now:
                drop(index, because: "no answer to the check of its settings")
            case .ready(let since) where since + configuration.idleTimeout <= now:
                if slots.count(where: { $0.server != nil }) > 1 { drop(index, because: "idle") }
            default: break
            }
        }
        failWaiting { $0.statement.patience > .zero && $0.deadline <= now }
        serve()
    }

    /// When ``tick(_:)`` has something to do.
    ///
    /// - Parameter now: The time of the last tick.
    /// - Returns: The earliest time-out or end of a pause that is still to come.
    func nextDeadline(after now: Duration) -> Duration? {
        var earliest: Duration?
        func consider(_ deadline: Duration) { earliest = min(earliest ?? deadline, deadline) }
        for slot in slots {
            // The end of a pause matters only while somebody waits, and one that is over has been looked at.
            if let deadline = slot.life.deadline, deadline > now { consider(deadline) }
            if case .ready(let since) = slot.life.state, slots.count(where: { $0.server != nil }) > 1 {
                consider(since + configuration.idleTimeout)
            }
        }
        for request in waiting where request.statement.patience > .zero { consider(request.deadline) }
        return earliest
    }

    private func failWaiting(where condition: (Request) -> Bool) {
        guard waiting.contains(where: condition) else { return }
        let failed = waiting.filter(condition)
        waiting.removeAll(where: condition)
        let error =
            lastFailure
            ?? StorageError(
                .unavailable, "All \(slots.count) connections to the database were busy for too long; try again later.")
        for request in failed { request.completion(.failure(.notSent(error))) }
    }
}
