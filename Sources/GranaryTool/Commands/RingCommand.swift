import ArgumentParser
import FoundationEssentials
import GranaryCore
import GranaryRuntime

/// `granary ring`: how grains are divided.
struct RingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ring", abstract: "Show how the ring divides the grains of each type; change nothing.",
        discussion: "The balance is the largest share over the mean, each share counted against the silo's weight.")

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        try await reporting(asJSON: database.json) {
            try await ClusterAccess.with(database) { access in
                let report = Report(try await access.map())
                if database.json { try Output.json(report) } else { write(report) }
            }
        }
    }

    private func write(_ report: Report) {
        if report.rings.isEmpty { return print("view \(report.view): no silo on the ring") }
        print("view \(report.view)")
        for ring in report.rings {
            print("")
            print("\(ring.types.joined(separator: ", ")): balance \(Self.text(ring.balance, digits: 3))")
            let rows = ring.silos.map {
                ["\($0.silo)", $0.name, "\($0.weight)", Self.text($0.share * 100, digits: 2) + " %"]
            }
            Output.table([["SILO", "NAME", "WEIGHT", "SHARE"]] + rows)
        }
    }

    private static func text(_ number: Double, digits: Int) -> String {
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        let rounded = Int((number * scale).rounded())
        let fraction = "\(rounded % Int(scale))"
        return "\(rounded / Int(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    private struct Report: Encodable {
        /// Types that the same silos host share a ring but for their places on it.
        struct Ring: Encodable {
            var types: [String]
            var balance: Double
            var silos: [Share]
        }

        struct Share: Encodable {
            var silo: Int32
            var name: String
            var weight: Int32
            var share: Double
        }

        var view: Int64
        var rings: [Ring]

        init(_ map: ClusterMap) {
            view = map.view.number
            var grouped: [[Int32: Double]: [String]] = [:]
            for type in map.types {
                let shares = map.shares(of: type)
                if !shares.isEmpty { grouped[shares, default: []].append(type) }
            }
            let members = Dictionary(uniqueKeysWithValues: map.view.members.map { ($0.silo, $0) })
            rings = grouped.map { shares, types in
                let silos = shares.sorted { $0.key < $1.key }.map { silo, share in
                    Share(silo: silo, name: members[silo]?.name ?? "", weight: members[silo]?.weight ?? 1, share: share)
                }
                let total = silos.reduce(0.0) { $0 + Double($1.weight) }
                let balance = silos.map { $0.share * total / Double(max($0.weight, 1)) }.max() ?? 1
                return Ring(types: types, balance: balance, silos: silos)
            }
            .sorted { $0.types.lexicographicallyPrecedes($1.types) }
        }
    }
}
