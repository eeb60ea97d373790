/// One of those whose latencies are compared, with what was measured of it so far.
struct LatencySide: Sendable {
    private let id: String
    private let name: String
    private let call: @Sendable (Int) async throws -> Void
    private var loaded = Latencies()
    private var single: Histogram
    private var figures: [(part: Double, figure: Figure)] = []

    init(_ id: String, _ name: String, _ call: @escaping @Sendable (Int) async throws -> Void) {
        self.id = id
        self.name = name
        self.call = call
        loaded.answers = Histogram(id: id, name: "\(name), under load")
        loaded.beginnings = Histogram(id: "\(id).pace", name: "\(name), from due until begun")
        single = Histogram(id: "\(id).single", name: "\(name), one caller alone")
        figures = [("p50", 0.5), ("p99", 0.99), ("p999", 0.999)].map { word, part in
            (part, Figure(id: "\(id).\(word)", name: "\(name), \(word) under load", unit: "ms", rounds: []))
        }
    }

    /// Measures one round: a load, then a single caller.
    mutating func measure(rate: Double, tick: Duration, seconds: Double, callers: Int, singles: Int) async throws {
        let round = try await Latencies.measure(rate: rate, tick: tick, seconds: seconds, callers: callers, call)
        loaded.add(round)
        for index in figures.indices {
            figures[index].figure.rounds.append(round.answers.percentile(figures[index].part) / 1e6)
        }
        single.add(try await Latencies.single(calls: singles, call))
    }

    /// Gives all of it to the recorder; the other side is the one that the figures stand beside.
    func add(to recorder: Recorder, besides other: LatencySide) {
        for (index, entry) in figures.enumerated() {
            var figure = entry.figure
            if other.id != id { figure.baseline = other.figures[index].figure.id }
            recorder.add(figure)
        }
        for histogram in [loaded.answers, loaded.beginnings, single] { recorder.add(histogram) }
    }
}
