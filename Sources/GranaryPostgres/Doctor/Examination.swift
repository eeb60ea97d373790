package import GranaryCore
import Logging

/// A look at a database from outside: whether silos of this version can run on it, and which ones do.
///
/// It reads only.
package struct Examination: Sendable, Encodable {
    /// What was looked at, in the order of looking; ends early where the next look would make no sense.
    package private(set) var findings: [Finding] = []
    /// The silos that have not ended.
    package private(set) var silos: [SiloFinding] = []

    /// Whether there is a connection at all.
    package var isConnected: Bool { findings.first?.isGood ?? false }
    /// Whether everything is as it must be.
    package var isGood: Bool { findings.allSatisfy(\.isGood) }

    /// Looks at a database; takes about as long as two renewals of a lease when there are silos.
    ///
    /// - Parameters:
    ///   - connectionString: The database.
    ///   - time: Where time comes from.
    ///   - random: Where random numbers come from.
    /// - Returns: What was found.
    /// - Throws: `StorageError` when the string cannot be read.
    package static func of(
        _ connectionString: String, time: any TimeSource, random: any RandomSource
    ) async throws -> Examination {
        let connection = try ConnectionString(connectionString)
        var examination = Examination()
        do {
            let rows = try await rows(
                "select current_setting('server_version'), current_database(), current_user", connection)
            let words = rows.first?.map { $0 ?? "" } ?? []
            guard words.count == 3 else { return examination }
            examination.add(
                "connection", true, "PostgreSQL \(words[0]), database \(words[1]), as \(words[2]); \(connection)")
        } catch {
            examination.add("connection", false, message(of: error))
            return examination
        }

        // What a silo checks when it starts, in the silo's own words.
        let context = BackendContext(
            logger: Logger(label: "granary", factory: { _ in SwiftLogNoOpLogHandler() }), time: time, random: random)
        var refusal: StorageError?
        do {
            try await PostgresBackend.postgres(connectionString).connect(context).close()
        } catch let error as StorageError {
            refusal = error
        }
        if let refusal, refusal.code != .schema {
            examination.add("durability", false, refusal.message)
            return examination
        }
        examination.add("durability", true, "A primary with fsync and synchronous_commit on.")
        if let refusal {
            examination.add("schema", false, refusal.message)
            return examination
        }
        examination.add("schema", true, "Version \(Migration.all.count), which this program knows.")
        try await examination.lookAtSilos(connection, time: time)
        return examination
    }

    private mutating func lookAtSilos(_ connection: ConnectionString, time: any TimeSource) async throws {
        let sql = """
            select m.silo, m.name, m.address, m.status, l.renewals from granary.member m
            left join granary.lease l using (silo) where m.status in ('joining', 'active', 'leaving') order by m.silo
            """
        let before = try await Self.rows(sql, connection)
        if !before.isEmpty { try await time.sleep(for: .seconds(2)) }
        let after = before.isEmpty ? [] : try await Self.rows(sql, connection)
        silos = after.map { row in
            let earlier = before.first { $0[0] == row[0] }
            return SiloFinding(
                silo: row[0].flatMap { Int($0) } ?? 0, name: row[1] ?? "", address: row[2] ?? "", status: row[3] ?? "",
                isRenewing: earlier.map { $0[4] != row[4] } ?? true)
        }
        let silent = silos.filter { !$0.isRenewing }
        let total = silos.count == 1 ? "1 silo" : "\(silos.count) silos"
        if silent.isEmpty {
            add("silos", true, silos.isEmpty ? "None is running." : "\(total), all alive.")
        } else {
            let names = silent.map { "\($0.name) (\($0.silo))" }.joined(separator: ", ")
            add(
                "silos", false,
                "\(total); no sign of life for two seconds from \(names). The other silos, or the next that starts, take "
                    + "over what it had.")
        }
    }

    private mutating func add(_ subject: String, _ isGood: Bool, _ message: String) {
        findings.append(Finding(subject: subject, isGood: isGood, message: message))
    }

    private static func rows(_ sql: String, _ connection: ConnectionString) async throws -> [[String?]] {
        try await NativeThread.result(named: "granary-doctor") { try LibPQSession(connection).run(sql) }
    }

    private static func message(of error: any Error) -> String {
        switch error {
        case let failure as StatementFailure: failure.storageError(reads: true).message
        case let error as StorageError: error.message
        default: "\(error)"
        }
    }
}
