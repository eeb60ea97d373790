/// What was seen of the disturbances.
struct DisturbanceFindings: Sendable {
    /// From when to when the calls are looked at.
    var times: [Disturbance: [Range<Int64>]] = [:]
    /// Seconds from when newcomers served until they had all their grains.
    var handovers: [Double] = []
    /// How many those were.
    var moved: [Double] = []
    /// Milliseconds from the start of newcomers' processes until they served.
    var starts: [Double] = []
    /// Seconds from SIGTERM until the process was gone.
    var drains: [Double] = []
    /// Nanoseconds from SIGKILL until the first answer of each grain, kill by kill.
    var firstAnswers: [[Double]] = []
}

extension DisturbanceFindings {
    /// Gives what was seen to the recorder, once the load has ended.
    func report(_ load: DisturbanceLoad, of command: DisturbanceCommand, to recorder: Recorder) {
        print("\nCalls that were due from each event on, for \(Measure.format(command.seconds)) s or until it was over")
        for event in Disturbance.allCases {
            guard let times = times[event] else { continue }
            report(event, times, load, to: recorder)
        }
        let errors = load.errors.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        print("  errors, by kind: \(errors.isEmpty ? "none" : errors.joined(separator: ", "))")
        if !handovers.isEmpty {
            print("\nA silo joins \(command.silos) with \(command.grains) active grains")
            for (id, name, unit, rounds) in [
                ("disturbance.join.start", "from its process's start until it serves", "ms", starts),
                ("disturbance.moved", "grains that move to it", "grains", moved),
                ("disturbance.handover", "from then until the last one has come", "s", handovers),
                ("disturbance.drained", "another one is drained, from SIGTERM to its end", "s", drains),
            ] {
                recorder.add(Figure(id: id, name: name, unit: unit, rounds: rounds))
            }
        }
        guard !firstAnswers.isEmpty else { return }
        print("\nFrom SIGKILL until \(command.probes) grains of the silo have answered elsewhere")
        var histogram = Histogram(id: "disturbance.firstAnswer", name: "SIGKILL to a grain's first answer")
        for time in firstAnswers.joined() { histogram.add(time) }
        recorder.add(
            Figure(
                id: "disturbance.firstAnswer.p99", name: "p99 of each kill", unit: "ms",
                rounds: firstAnswers.map { Self.percentile(0.99, of: $0) / 1e6 }))
        recorder.add(histogram)
    }

    private func report(_ event: Disturbance, _ times: [Range<Int64>], _ load: DisturbanceLoad, to recorder: Recorder) {
        let rounds = times.map { load.records(in: [$0]) }
        let records = rounds.joined()
        var histogram = Histogram(id: "disturbance.\(event)", name: "\(event.words)")
        for record in records { histogram.add(Double(record.length)) }
        recorder.add(histogram)
        recorder.add(
            Figure(
                id: "disturbance.\(event).p99", name: "\(event.words), p99", unit: "ms",
                rounds: rounds.map { Self.percentile(0.99, of: $0.map { Double($0.length) }) / 1e6 }))
        recorder.add(
            Figure(
                id: "disturbance.\(event).errors", name: "\(event.words), tries that failed", unit: "calls",
                rounds: rounds.map { Double($0.reduce(0) { $0 + $1.failures }) }))
    }

    private static func percentile(_ part: Double, of times: [Double]) -> Double {
        let sorted = times.sorted()
        return sorted.isEmpty ? 0 : sorted[min(Int(Double(sorted.count) * part), sorted.count - 1)]
    }
}
