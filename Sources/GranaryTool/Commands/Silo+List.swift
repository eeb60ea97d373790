import ArgumentParser
import GranaryCore
import GranaryRuntime

extension Silo {
    /// `granary silo list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the silos; change nothing.")

        @OptionGroup var database: DatabaseOptions

        @Flag(help: "Also list silos that have left or were declared dead, as long as their rows are kept.")
        var all = false

        func run() async throws {
            try await reporting(asJSON: database.json) {
                try await ClusterAccess.with(database) { access in
                    let map = try await access.map()
                    let members = all ? map.view.members.sorted { $0.silo < $1.silo } : map.liveMembers
                    let report = Report(view: map.view.number, silos: members.map(Row.init))
                    if database.json { try Output.json(report) } else { write(report) }
                }
            }
        }

        private func write(_ report: Report) {
            if report.silos.isEmpty { return print("view \(report.view): no silo") }
            print("view \(report.view)")
            let rows = report.silos.map {
                ["\($0.silo)", $0.name, $0.address, $0.status, "\($0.weight)", $0.types.joined(separator: ",")]
            }
            Output.table([["SILO", "NAME", "ADDRESS", "STATUS", "WEIGHT", "TYPES"]] + rows)
        }

        private struct Report: Encodable {
            var view: Int64
            var silos: [Row]
        }

        private struct Row: Encodable {
            var silo: Int32
            var name: String
            var address: String
            var status: String
            var weight: Int32
            var types: [String]
            var joined: Int64
            var renewals: Int64

            init(_ member: Member) {
                silo = member.silo
                name = member.name
                address = member.address
                status = member.status.rawValue
                weight = member.weight
                types = member.types
                joined = member.joined
                renewals = member.renewals
            }
        }
    }
}
