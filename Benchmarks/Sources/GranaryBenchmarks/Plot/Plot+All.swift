extension Plot {
    /// Every plot of the page.
    static let all = [
        throughput("calls", "Calls in one process"),
        latency("calls", "Calls in one process: mean latency"),
        throughput("remote", "Calls between two processes"),
        latency("remote", "Calls between two processes: mean latency"),
        scale("scale-cost", "one caller"),
        scale("scale-cost-100", "100 callers"),
        Plot("capacity-memory", "Resident memory under a cap on activations", by: "capacity") { plot, results in
            lines(
                plot, results.curves("capacity.memory"), note: "level is good: what is evicted is given back",
                x: ("distinct grains touched", Axis.count), y: ("MiB", .linear, Axis.count), xKind: .linear)
        },
        distribution("latency-half", "Remote calls at half of the load", by: "latency", "remote", beside: "sketch"),
        distribution("disturbance-join", "Calls while a silo joins", by: "disturbance", "join", beside: "none"),
        distribution("disturbance-drain", "Calls while a silo is drained", by: "disturbance", "drain", beside: "none"),
        distribution("disturbance-kill", "Calls while a silo is killed", by: "disturbance", "kill", beside: "none"),
        distribution(
            "disturbance-answer", "From SIGKILL to the first answer elsewhere", by: "disturbance", "firstAnswer"),
    ]

    private static func throughput(_ benchmark: String, _ title: String) -> Plot {
        Plot("\(benchmark)-throughput", title, by: benchmark) { plot, results in
            lines(
                plot, results.curves("\(benchmark).throughput"), note: "both axes logarithmic; more is better",
                x: ("callers at the same time", Axis.count), y: ("calls per second", .logarithmic, Axis.count))
        }
    }

    /// Of callers that call one time after the other, each waits as long as all of them need for a call of everyone.
    private static func latency(_ benchmark: String, _ title: String) -> Plot {
        Plot("\(benchmark)-latency", title, by: benchmark) { plot, results in
            let curves = results.curves("\(benchmark).throughput").map { curve in
                var curve = curve
                curve.points = curve.points.map { .init(x: $0.x, y: 1e9 * $0.x / $0.y) }
                return curve
            }
            return lines(
                plot, curves, note: "callers divided by calls per second; both axes logarithmic; less is better",
                x: ("callers at the same time", Axis.count), y: ("time of a call", .logarithmic, Axis.time))
        }
    }

    /// A line for each way to call whose name ends in `who`.
    private static func scale(_ name: String, _ who: String) -> Plot {
        Plot(name, "Calls over many activations, \(who)", by: "scale") { plot, results in
            let curves = results.curves("scale.cost").compactMap { curve -> Curve? in
                guard curve.name.hasSuffix(", \(who)") else { return nil }
                var curve = curve
                curve.name.removeLast(who.count + 2)
                return curve
            }
            return lines(
                plot, curves, note: "each as likely as the other; both axes logarithmic; less is better",
                x: ("activations in the silo", Axis.count), y: ("time per call", .logarithmic, Axis.time))
        }
    }

    private static func lines(
        _ plot: Plot, _ curves: [Curve], note: String, x: (label: String, format: (Double) -> String),
        y: (label: String, kind: Axis.Kind, format: (Double) -> String), xKind: Axis.Kind = .logarithmic
    ) -> String? {
        let points = curves.flatMap(\.points)
        guard !points.isEmpty else { return nil }
        return LinePlot(
            title: plot.title, note: note, x: Axis(x.label, xKind, values: points.map(\.x), format: x.format),
            y: Axis(y.label, y.kind, values: points.map(\.y), format: y.format), curves: curves
        ).svg
    }

    private static func distribution(
        _ name: String, _ title: String, by benchmark: String, _ id: String, beside calm: String? = nil
    ) -> Plot {
        Plot(name, title, by: benchmark) { plot, results in
            guard let histogram = results.histogram("\(benchmark).\(id)"), histogram.count > 0 else { return nil }
            return DistributionPlot(
                title: plot.title, note: "by the time they took, in steps of an eighth; both axes logarithmic",
                histogram: histogram,
                calm: calm.flatMap { results.histogram("\(benchmark).\($0)") }
            ).svg
        }
    }
}
