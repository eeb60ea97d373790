import ArgumentParser
import GranaryCore
import GranaryPostgres

/// `granary doctor`: tells whether silos can run on a database, and which ones do.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the connection, durability, the schema and the silos; change nothing.",
        discussion: "Exit status: 0 all good, 1 cannot connect, 2 something needs attention, 64 wrong command line.")

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let string = try database.connectionString()
        try await reporting(asJSON: database.json) {
            let examination = try await Examination.of(string, time: SystemTimeSource(), random: SystemRandomSource())
            if database.json { try Output.json(examination) } else { write(examination) }
            if !examination.isConnected { throw ToolExit.failure }
            if !examination.isGood { throw ToolExit.attention }
        }
    }

    private func write(_ examination: Examination) {
        for finding in examination.findings {
            let subject = finding.subject + String(repeating: " ", count: max(0, 12 - finding.subject.count))
            print("\(finding.isGood ? "good " : "FAULT")  \(subject)\(finding.message)")
        }
        guard !examination.silos.isEmpty else { return }
        print("")
        let rows = examination.silos.map {
            ["\($0.silo)", $0.name, $0.address, $0.status, $0.isRenewing ? "alive" : "silent"]
        }
        Output.table([["SILO", "NAME", "ADDRESS", "STATUS", "LEASE"]] + rows)
    }
}
