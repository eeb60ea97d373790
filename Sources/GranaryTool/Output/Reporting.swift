import ArgumentParser
import GranaryPostgres

/// Runs a command's work and turns its error into a message and an exit status.
///
/// - Parameters:
///   - asJSON: Whether the message goes to standard output as JSON, too.
///   - work: The work.
/// - Throws: The exit status.
func reporting(asJSON: Bool, _ work: () async throws -> Void) async throws {
    do {
        try await work()
    } catch let error as ExitCode {
        throw error
    } catch let error as MigrationError {
        if asJSON { try Output.json(["error": error.message, "code": error.code.description]) }
        Output.complain(error.message)
        throw error.isRefusal ? ToolExit.refused : ToolExit.failure
    } catch {
        if asJSON { try Output.json(["error": "\(error)"]) }
        Output.complain("\(error)")
        throw ToolExit.failure
    }
}
