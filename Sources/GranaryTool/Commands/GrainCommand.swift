import ArgumentParser
import GranaryCore
import GranaryRuntime

/// `granary grain`: single grains.
struct GrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grain", abstract: "Tells where a grain lives.", subcommands: [Locate.self])

    /// `granary grain locate TYPE KEY`.
    struct Locate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Name the silo that owns a grain; change nothing.",
            discussion: """
                The owner is where the next call goes, whether or not the grain is in memory. Exit status: 0 found, 1 \
                failed, 2 no silo hosts the type, 64 wrong command line.
                """)

        @OptionGroup var database: DatabaseOptions

        @Argument(help: "The grain type's name.")
        var type: String

        @Argument(help: "The key's text.")
        var key: String

        func run() async throws {
            try await reporting(asJSON: database.json) {
                let grain = GrainID(type: type, key: key)
                try grain.validate()
                try await ClusterAccess.with(database) { access in
                    let map = try await access.map()
                    let owner = map.owner(of: grain)
                    let report = Report(
                        grain: "\(grain)", view: map.view.number, silo: owner?.silo, name: owner?.name,
                        address: owner?.address)
                    if database.json { try Output.json(report) } else { write(report) }
                    if owner == nil { throw ToolExit.attention }
                }
            }
        }

        private func write(_ report: Report) {
            guard let silo = report.silo, let name = report.name, let address = report.address else {
                return print("\(report.grain): no silo hosts the type in view \(report.view)")
            }
            print("\(report.grain): silo \(silo) (\(name)) at \(address), view \(report.view)")
        }

        private struct Report: Encodable {
            var grain: String
            var view: Int64
            var silo: Int32?
            var name: String?
            var address: String?
        }
    }
}
