import ArgumentParser

/// The command-line tool.
@main
struct Granary: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "granary",
        abstract: "Looks after a Granary cluster and its database.",
        discussion: """
            Every command takes the database from --postgres or from the environment variable GRANARY_POSTGRES_URL, in \
            either of libpq's forms: postgresql://user@host:5432/database, or host=… dbname=…. Keep passwords in a \
            password file (~/.pgpass) or in PGPASSWORD; the tool never prints them.
            """,
        subcommands: [Migrate.self, Doctor.self, Silo.self, RingCommand.self, GrainCommand.self])
}
