import ArgumentParser
import FoundationEssentials

/// The options that every command has.
struct DatabaseOptions: ParsableArguments {
    @Option(
        name: .customLong("postgres"),
        help: ArgumentHelp("The database; by default GRANARY_POSTGRES_URL.", valueName: "url"))
    var address: String?

    @Flag(help: "Print JSON on one line, for programs.")
    var json = false

    /// The connection string.
    ///
    /// - Throws: A usage error when none is given.
    func connectionString() throws -> String {
        let fromEnvironment = ProcessInfo.processInfo.environment["GRANARY_POSTGRES_URL"]
        guard let string = address ?? fromEnvironment, !string.isEmpty else {
            throw ValidationError(
                "No database is named. Use --postgres postgresql://user@host/database or set GRANARY_POSTGRES_URL.")
        }
        return string
    }
}
