import ArgumentParser
import GranaryCore
import GranaryRuntime

extension Silo {
    /// `granary silo drain`.
    struct Drain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask a silo to hand its grains over and leave, and wait until it has.",
            discussion: """
                The silo goes on until its running turns are over, and its process ends as after SIGTERM. To ask twice is \
                harmless.
                """)

        @OptionGroup var database: DatabaseOptions

        @Argument(help: "The silo's number or name.")
        var silo: String

        @Option(help: ArgumentHelp("How long to wait for its end; 0 to only ask.", valueName: "seconds"))
        var wait = 60

        func validate() throws {
            guard wait >= 0 else { throw ValidationError("--wait is a number of seconds, 0 or more.") }
        }

        func run() async throws {
            try await reporting(asJSON: database.json) {
                try await ClusterAccess.with(database) { access in
                    let (member, _) = try await access.change(silo) { view, member in
                        switch member.status {
                        case .leaving: view.number
                        case .active: try await access.membership.advance(member.silo, to: .leaving, view: view.number)
                        default:
                            throw ToolFailure(
                                "Silo \(member.silo) (\(member.name)) has not started yet; it can only be evicted.")
                        }
                    }
                    let status = try await end(of: member, access)
                    let report = Report(silo: member.silo, name: member.name, status: status.rawValue)
                    if database.json { try Output.json(report) } else { write(report) }
                    if wait > 0, status.isLive { throw ToolExit.attention }
                }
            }
        }

        /// Waits until the silo has ended or the time is over; says how far it is.
        private func end(of member: Member, _ access: ClusterAccess) async throws -> MemberStatus {
            let clock = ContinuousClock()
            let limit = clock.now + .seconds(wait)
            while true {
                // A row that is swept away already was one that had ended.
                let status = try await access.map().member("\(member.silo)")?.status ?? .left
                if !status.isLive || clock.now >= limit { return status }
                try await Task.sleep(for: .milliseconds(100))
            }
        }

        private func write(_ report: Report) {
            print("silo \(report.silo) (\(report.name)): \(report.status)")
        }

        private struct Report: Encodable {
            var silo: Int32
            var name: String
            var status: String
        }
    }
}
