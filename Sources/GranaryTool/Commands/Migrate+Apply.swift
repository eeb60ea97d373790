import ArgumentParser
import GranaryPostgres

extension Migrate {
    /// `granary migrate [apply]`.
    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Apply what is pending (the default).",
            discussion: "Any number may run at once: one goes ahead, the others find its work done.")

        @OptionGroup var database: DatabaseOptions

        @Flag(help: "Only tell what would be applied; change nothing.")
        var dryRun = false

        @Flag(help: "With --dry-run, print the SQL too.")
        var showSQL = false

        @Option(help: ArgumentHelp("How long to wait for locks.", valueName: "seconds"))
        var patience = 60

        func validate() throws {
            guard patience > 0 else { throw ValidationError("--patience is a number of seconds above 0.") }
            guard !showSQL || dryRun else { throw ValidationError("--show-sql goes with --dry-run.") }
        }

        func run() async throws {
            let migrator = try makeMigrator()
            try await reporting(asJSON: database.json) {
                if dryRun { try await rehearse(migrator) } else { try await apply(migrator) }
            }
        }

        private func makeMigrator() throws -> Migrator {
            let string = try database.connectionString()
            do {
                return try Migrator(string, patience: .seconds(patience))
            } catch {
                throw ValidationError("\(error)")
            }
        }

        private func apply(_ migrator: Migrator) async throws {
            let isQuiet = database.json
            let applied = try await migrator.apply { migration in
                if !isQuiet { print("applied \(migration.name)") }
            }
            if database.json {
                try Output.json(Report(applied: applied.map(\.name)))
            } else if applied.isEmpty {
                print("nothing to do: the schema is up to date (\(Migration.all.count))")
            } else {
                print("the schema is up to date (\(Migration.all.count))")
            }
        }

        private func rehearse(_ migrator: Migrator) async throws {
            let status = try await migrator.status()
            if let refusal = status.refusal { throw refusal }
            if database.json {
                return try Output.json(Report(pending: status.pending.map(\.name)))
            }
            if status.pending.isEmpty { print("nothing to do: the schema is up to date (\(Migration.all.count))") }
            for migration in status.pending {
                print(showSQL ? "-- \(migration.name)\n\(migration.sql)" : "would apply \(migration.name)")
            }
        }

        private struct Report: Encodable {
            var applied: [String]?
            var pending: [String]?
        }
    }
}
