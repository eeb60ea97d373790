import ArgumentParser
import GranaryPostgres

extension Migrate {
    /// `granary migrate status`.
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell how far the database is; change nothing.")

        @OptionGroup var database: DatabaseOptions

        func run() async throws {
            let string = try database.connectionString()
            let migrator: Migrator
            do {
                migrator = try Migrator(string)
            } catch {
                throw ValidationError("\(error)")
            }
            try await reporting(asJSON: database.json) {
                let status = try await migrator.status()
                if database.json { try Output.json(Report(status)) } else { write(status) }
                if status.refusal != nil { throw ToolExit.refused }
                if !status.isCurrent { throw ToolExit.attention }
            }
        }

        private func write(_ status: MigrationStatus) {
            let rows = status.entries.map { [$0.name, $0.state.description, $0.appliedAt ?? ""] }
            Output.table([["MIGRATION", "STATE", "APPLIED AT"]] + rows)
            if let refusal = status.refusal {
                Output.complain(refusal.message)
            } else if status.isCurrent {
                print("the schema is up to date")
            } else {
                print("\(status.pending.count) pending; apply with: granary migrate")
            }
        }

        private struct Report: Encodable {
            struct Entry: Encodable {
                var number: Int
                var name: String
                var state: String
                var appliedAt: String?
            }

            var current: Bool
            var migrations: [Entry]
            var problem: String?

            init(_ status: MigrationStatus) {
                current = status.isCurrent
                migrations = status.entries.map {
                    Entry(number: $0.number, name: $0.name, state: $0.state.description, appliedAt: $0.appliedAt)
                }
                problem = status.refusal?.message
            }
        }
    }
}
