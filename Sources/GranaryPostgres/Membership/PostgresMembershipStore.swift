import GranaryCore
import Logging

/// The cluster's list of silos in PostgreSQL.
///
/// Every operation is one statement in autocommit. When an answer is lost, the caller reads the view and decides again;
/// only joining and renewing could be repeated blindly, and the caller does that too.
struct PostgresMembershipStore: MembershipStore {
    /// How often an operation that waits for a fence is tried.
    private static let fenceAttempts = 5
    private let engine: PostgresEngine
    private let configuration: PostgresConfiguration
    private let logger: Logger

    /// Makes a store.
    ///
    /// - Parameters:
    ///   - engine: The connections.
    ///   - configuration: Time-outs.
    ///   - logger: Where to log.
    init(engine: PostgresEngine, configuration: PostgresConfiguration, logger: Logger) {
        self.engine = engine
        self.configuration = configuration
        self.logger = logger
    }

    private func run(_ sql: String, _ parameters: ParameterBuffer) async throws(StatementFailure) -> ResultRows {
        let statement = Statement(
            sql: sql, parameters: parameters, timeout: configuration.statementTimeout,
            patience: configuration.acquireTimeout, isUrgent: true)
        return try await engine.run(statement)
    }

    func read(known: Int64) async throws -> (view: MembershipView, tokenOfKnown: String?) {
        var parameters = ParameterBuffer()
        parameters.add(known)
        do {
            let rows = try await run(MembershipSQL.read, parameters)
            return (try MembershipRows.view(rows), rows.count > 0 ? rows.etag(0, 17)?.description : nil)
        } catch let failure as StatementFailure {
            throw failure.storageError(reads: true)
        }
    }

    func settle(_ settings: [UInt8]) async throws -> [UInt8] {
        var parameters = ParameterBuffer()
        parameters.add(json: settings)
        do throws(StatementFailure) {
            // Another silo's row, committed after this statement began, is not seen by it: the next one sees it.
            for _ in 0..<10 {
                if let stored = try await run(MembershipSQL.settle, parameters).json(0, 0) { return stored }
            }
        } catch {
            // Writing settings that are there already does nothing, so a lost answer leaves nothing in doubt.
            throw error.storageError(reads: true)
        }
        throw StorageError(.unavailable, "The cluster's settings are written but cannot be read.")
    }

    func join(
        _ candidate: MemberCandidate, view: Int64, superseding superseded: Int32?
    ) async throws -> (silo: Int32, view: Int64)? {
        guard let incarnation = ETag(candidate.incarnation) else {
            throw StorageError(.configuration, "The incarnation \"\(candidate.incarnation)\" is not a UUID.")
        }
        var parameters = ParameterBuffer()
        parameters.add(view)
        parameters.add(incarnation)
        parameters.add(candidate.name)
        parameters.add(candidate.address)
        parameters.add(candidate.weight)
        parameters.addArray(of: .text, count: candidate.types.count, hasNulls: false) { buffer in
            for type in candidate.types { buffer.write(type) }
        }
        parameters.add(candidate.leaseMilliseconds)
        parameters.add(json: MemberInfo(versions: candidate.versions).json)
        if let superseded { parameters.add(superseded) } else { parameters.addNull(.integer) }
        let rows: ResultRows
        do {
            rows = try await runBreakingFences(of: superseded.map { [$0] } ?? [], MembershipSQL.join, parameters)
        } catch .refused(let error) where error.state == .uniqueViolation {
            throw StorageError(.cluster, "Another live silo is named \"\(candidate.name)\". \(error).")
        } catch {
            throw error.storageError(reads: false)
        }
        guard let silo = rows.int32(0, 0), let joined = rows.int64(0, 1) else { return nil }
        return (silo, joined)
    }

    func advance(_ silo: Int32, to status: MemberStatus, view: Int64) async throws -> Int64? {
        var parameters = ParameterBuffer()
        parameters.add(view)
        parameters.add(silo)
        parameters.add(status.rawValue)
        do {
            return try await runBreakingFences(of: [silo], MembershipSQL.advance, parameters).int64(0, 0)
        } catch .refused(let error) where error.state == .raisedException {
            throw StorageError(.cluster, error.message)
        } catch {
            throw error.storageError(reads: false)
        }
    }

    func renew(_ silo: Int32, released: Int64) async throws -> LeaseRenewal {
        var parameters = ParameterBuffer()
        parameters.add(silo)
        parameters.add(released)
        do {
            let rows = try await run(MembershipSQL.renew, parameters)
            guard let view = rows.int64(0, 0), let token = rows.etag(0, 1) else {
                throw StorageError(.cluster, "The cluster has no settings: its database was emptied.")
            }
            return LeaseRenewal(
                view: view, token: token.description, status: rows.text(0, 2).flatMap(MemberStatus.init(rawValue:)))
        } catch let failure as StatementFailure {
            throw failure.storageError(reads: true)
        }
    }

    func declareDead(_ silos: [Int32], view: Int64, reason: String, proven: Bool) async throws -> Int64? {
        var parameters = ParameterBuffer()
        parameters.add(view)
        parameters.addArray(of: .integer, count: silos.count, hasNulls: false) { buffer in
            for silo in silos { buffer.write(silo) }
        }
        parameters.add(reason)
        parameters.add(proven)
        do {
            return try await runBreakingFences(of: silos, MembershipSQL.declareDead, parameters).int64(0, 0)
        } catch {
            throw error.storageError(reads: false)
        }
    }

    func proveEnd(_ silo: Int32) async throws -> Int64? {
        var parameters = ParameterBuffer()
        parameters.add(silo)
        do {
            return try await run(MembershipSQL.proveEnd, parameters).int64(0, 0)
        } catch {
            // Proving it again does nothing, so a lost answer leaves nothing in doubt.
            throw error.storageError(reads: true)
        }
    }

    func sweep() async throws -> Int {
        do throws(StatementFailure) {
            return Int(try await run(MembershipSQL.sweep, ParameterBuffer()).int64(0, 0) ?? 0)
        } catch {
            // Whether it was done or not, the next one does the rest.
            throw error.storageError(reads: true)
        }
    }

    func watch(_ changed: @escaping @Sendable (Int64) -> Void) -> MembershipWatch? { engine.watch(changed) }

    /// Runs an operation that waits for the running saves of members.
    ///
    /// When these hold it up for too long, their sessions are ended from another connection and it is tried again: a
    /// frozen client must not keep its own death from being recorded.
    private func runBreakingFences(
        of silos: [Int32], _ sql: String, _ parameters: ParameterBuffer
    ) async throws(StatementFailure) -> ResultRows {
        var attempts = 1
        while true {
            do throws(StatementFailure) {
                return try await run(sql, parameters)
            } catch .refused(let error) where error.state == .lockNotAvailable && attempts < Self.fenceAttempts {
                attempts += 1
                for silo in silos {
                    var parameters = ParameterBuffer()
                    parameters.add(silo)
                    let ended = try await run(MembershipSQL.breakFence, parameters).int64(0, 0) ?? 0
                    logger.info(
                        "Ended database sessions that held up a change of the cluster",
                        metadata: ["silo": "\(silo)", "sessions": "\(ended)"])
                }
            }
        }
    }
}
