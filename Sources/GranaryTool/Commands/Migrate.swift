import ArgumentParser

/// `granary migrate`: brings the schema up to date.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings a database's schema up to date, or tells how far it is.",
        discussion: """
            Exit status: 0 up to date, 1 failed, 2 migrations are pending (status), 3 refused because the histories of \
            tool and database differ, 64 wrong command line.
            """,
        subcommands: [Apply.self, Status.self],
        defaultSubcommand: Apply.self)
}
