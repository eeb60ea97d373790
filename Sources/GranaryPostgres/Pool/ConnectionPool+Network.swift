import CLibPQ
import GranaryCore
import Logging

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension ConnectionPool {
    /// Lists what to poll.
    ///
    /// - Parameters:
    ///   - descriptors: Gets one entry for each open connection.
    ///   - indices: Gets the connection's place for each entry.
    func addDescriptors(to descriptors: inout [pollfd], indices: inout [Int]) {
        for index in slots.indices {
            guard let server = slots[index].server else { continue }
            let events = slots[index].mustFlush ? POLLIN | POLLOUT : POLLIN
            descriptors.append(pollfd(fd: server.socket, events: Int16(events), revents: 0))
            indices.append(index)
        }
    }

    /// Whether the connections are what they were, and ready for the same.
    ///
    /// - Parameter interests: What ``PoolSlot/interest`` was for each.
    /// - Returns: Whether they are.
    func isPolled(for interests: [Int32]) -> Bool { slots.lazy.map(\.interest).elementsEqual(interests) }

    /// Writes what a connection has left to write.
    ///
    /// - Parameter index: The connection.
    func flush(_ index: Int) {
        guard let server = slots[index].server else { return }
        let left = PQflush(server.raw)
        guard left >= 0 else { return drop(index, because: server.message) }
        slots[index].mustFlush = left == 1
    }

    /// Takes in what a connection's socket has to say.
    ///
    /// - Parameters:
    ///   - index: The connection.
    ///   - events: What `poll` saw.
    func handle(_ index: Int, events: Int32) {
        guard let server = slots[index].server else { return }
        // Read first: with the sender blocked on a full socket, the server may be waiting for us to read.
        if events & ~POLLOUT != 0, PQconsumeInput(server.raw) == 0 { return drop(index, because: server.message) }
        if slots[index].mustFlush { flush(index) }
        guard slots[index].server != nil, slots[index].running != nil else {
            // Nothing was asked, so this is a notice, a parameter's new value, or the end of the connection; asking
            // whether libpq is busy makes it read them.
            if PQisBusy(server.raw) != 0 || !server.isWhole { drop(index, because: server.message) }
            return
        }
        while PQisBusy(server.raw) == 0 {
            guard let result = PQgetResult(server.raw) else { return finish(index) }
            take(result, on: index)
        }
    }

    private func take(_ result: OpaquePointer, on index: Int) {
        let rows = ResultRows(owning: result)
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
            slots[index].running?.rows = rows
        default:
            slots[index].running?.failure = failure(from: result)
        }
        withExtendedLifetime(rows) {}
    }

    private func failure(from result: OpaquePointer) -> StatementFailure {
        func field(_ code: Int32) -> String? { PQresultErrorField(result, code).map { String(cString: $0) } }
        let message = connection.redacting(
            field(NoticeLog.primaryMessage) ?? PQresultErrorMessage(result).map { String(cString: $0) } ?? "")
        // An error that libpq itself made, or one that ends the session, says nothing about a commit.
        guard let state = field(NoticeLog.sqlState).map(SQLState.init(rawValue:)), field(NoticeLog.severity) == "ERROR",
            state.meaning != .connectionInDoubt
        else {
            return .lost(StorageError(.unavailable, "The connection to the database was lost: \(message)"))
        }
        return .refused(ServerError(state: state, message: message))
    }

    /// The server is ready for the next statement: what it answered counts now.
    private func finish(_ index: Int) {
        guard let server = slots[index].server, let running = slots[index].running else { return }
        guard server.isWhole, PQtransactionStatus(server.raw) == PQTRANS_IDLE else {
            return drop(index, because: server.message)
        }
        if let statement = running.named {
            if running.isPreparing, running.failure == nil {
                server.notePrepared(statement)
                return transmit(statement, on: index, running.completion)
            }
            // An error of this kind comes before the statement runs.
            if case .refused(let error) = running.failure, error.state.doubtsPreparedStatements, server.keepsSession {
                server.keepsSession = false
                return transmit(statement, on: index, running.completion)
            }
        }
        let result: Result<ResultRows, StatementFailure>
        if let failure = running.failure {
            if case .lost = failure { return drop(index, because: server.message) }
            result = .failure(failure)
        } else if let rows = running.rows {
            result = .success(rows)
        } else {
            return drop(index, because: "the server gave no result")
        }
        slots[index].running = nil
        if case .failure(.refused(let error)) = result, error.state.meaning == .serverLeaving {
            // Another server may have taken over: the next statement dials again.
            slots[index].server = nil
            slots[index].life.dropped()
            recordConnections()
        } else {
            slots[index].life.end(at: context.time.now)
        }
        running.completion(result)
        serve()
    }

    /// Closes a connection; what it runs is lost.
    ///
    /// - Parameters:
    ///   - index: The connection.
    ///   - reason: Why, possibly with secrets in it.
    func drop(_ index: Int, because reason: String) {
        guard slots[index].server != nil || slots[index].running != nil else { return }
        let running = slots[index].running
        let life = slots[index].life
        slots[index].server = nil
        slots[index].running = nil
        slots[index].mustFlush = false
        slots[index].life.dropped()
        recordConnections()
        let message = connection.redacting(reason)
        context.logger.debug(
            "PostgreSQL connection closed", metadata: ["connection": "\(index)", "reason": "\(message)"])
        if let running {
            var failure = StatementFailure.lost(
                StorageError(.unavailable, "The connection to the database was lost: \(message)"))
            if case .lost? = running.failure, let known = running.failure { failure = known }
            running.completion(.failure(failure))
        }
        if !life.isOpening { serve() }
    }
}
