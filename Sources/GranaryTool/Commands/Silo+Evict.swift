import ArgumentParser
import GranaryCore
import GranaryRuntime

extension Silo {
    /// `granary silo evict`.
    struct Evict: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Declare a silo dead: its grains move at once, and nothing it still writes counts.",
            discussion: """
                For a silo that hangs, or whose machine is gone. A process that still runs finds out within its lease and \
                exits non-zero. Work that it had not saved is lost; drain loses nothing.
                """)

        @OptionGroup var database: DatabaseOptions

        @Argument(help: "The silo's number or name.")
        var silo: String

        @Flag(help: "You have made sure that its process has ended: its grains need not wait for the end of its lease.")
        var stopped = false

        func run() async throws {
            try await reporting(asJSON: database.json) {
                try await ClusterAccess.with(database) { access in
                    let (member, view) = try await access.change(silo) { view, member in
                        try await access.membership.declareDead(
                            [member.silo], view: view.number, reason: "evicted", proven: stopped)
                    }
                    if database.json {
                        try Output.json(Report(silo: member.silo, name: member.name, view: view))
                    } else {
                        print("silo \(member.silo) (\(member.name)): dead as of view \(view)")
                    }
                }
            }
        }

        private struct Report: Encodable {
            var silo: Int32
            var name: String
            var view: Int64
        }
    }
}
