import Foundation
import GranaryTestGrains
import GranaryTestSupport

/// What the processes of a cluster called, against what is stored.
struct LoadAudit {
    private struct Line: Decodable {
        var n: Int64
        var a: Int64
        var p: Int32
    }

    private struct Row: Decodable {
        var key: String
        var lines: [Line]
    }

    /// The calls of each silo.
    let calls: [(silo: String, records: [CallRecord])]
    /// What is wrong with what is stored.
    let faults: [String]
    /// How many additions were acknowledged.
    let additions: Int
    /// How many calls failed.
    let failures: Int
    /// The acknowledged additions of each journal.
    private let acknowledged: [Int32: [CallRecord]]

    /// Looks at a cluster whose load is over.
    init(_ cluster: ProcessCluster) async throws {
        calls = cluster.silos.map { ($0.name, $0.calls) }
        acknowledged = Dictionary(grouping: calls.flatMap(\.records).filter { $0.outcome == .added }, by: \.key)
        additions = calls.map { $0.records.count { $0.outcome == .added } }.reduce(0, +)
        failures = calls.map { $0.records.count { $0.outcome == .failed } }.reduce(0, +)
        let text = try await cluster.database.psql(
            """
            select coalesce(json_agg(json_build_object('key', grain_key, 'lines', data)), '[]') from granary.state
            where grain_type = 'journal' and data is not null
            """)
        let rows = try JSONDecoder().decode([Row].self, from: Data(text.utf8))
        var stored: [Int32: [Line]] = [:]
        for row in rows { stored[Int32(row.key) ?? -1] = row.lines }
        faults = Self.faults(calls.map(\.records), stored)
    }

    private static func faults(_ callers: [[CallRecord]], _ stored: [Int32: [Line]]) -> [String] {
        var faults: [String] = []
        var places: [Int32: [Int64: Int]] = [:]
        for (key, lines) in stored {
            var ended: Set<Int64> = []
            for (index, line) in lines.enumerated() {
                if places[key, default: [:]].updateValue(index, forKey: line.n) != nil {
                    faults.append("\(key): \(line.n) is there twice")
                }
                if index > 0, lines[index - 1].a != line.a { ended.insert(lines[index - 1].a) }
                if ended.contains(line.a) { faults.append("\(key): process \(line.p) wrote after its successor") }
            }
        }
        for records in callers {
            var last: [Int32: Int] = [:]
            for record in records where record.outcome == .added {
                guard let place = places[record.key]?[record.number] else {
                    faults.append("\(record.key): \(record.number) was acknowledged and is lost")
                    continue
                }
                if place < last[record.key] ?? 0 { faults.append("\(record.key): \(record.number) was overtaken") }
                last[record.key] = place
            }
        }
        return faults
    }

    /// How long the calls took that began in a stretch of time.
    ///
    /// - Parameters:
    ///   - from: From when, by the machine's clock.
    ///   - to: Until when.
    ///   - silos: Whose calls; everybody's unless it is said.
    ///   - condition: Which calls.
    func lengths(
        from: Int64, to: Int64, of silos: Set<String>? = nil, where condition: (CallRecord) -> Bool = { _ in true }
    ) -> [Duration] {
        calls.filter { silos?.contains($0.silo) ?? true }.flatMap { caller in
            caller.records.filter { $0.began >= from && $0.began < to && condition($0) }.map(\.length)
        }
    }

    /// What a reading lacks of what had been acknowledged before a moment.
    func missing(in reading: ProcessCluster.Reading, before moment: Int64) -> [Int64] {
        let known = Set(reading.numbers)
        return acknowledged[Int32(reading.key)]?.filter { $0.ended < moment && !known.contains($0.number) }
            .map(\.number) ?? []
    }
}

extension [Duration] {
    /// The value that so many of a hundred stay below or at.
    func percentile(_ percent: Double) -> Duration {
        isEmpty ? .zero : sorted()[Swift.min(count - 1, Int(Double(count) * percent / 100))]
    }
}

extension Duration {
    /// Milliseconds, for people.
    var inWords: String {
        let milliseconds = self / .milliseconds(1)
        return milliseconds < 10 ? "\((milliseconds * 10).rounded() / 10) ms" : "\(Int(milliseconds.rounded())) ms"
    }
}
