/// How long calls took from when they were due, and how late they began.
struct Latencies: Sendable {
    /// From when a call was due until its answer.
    var answers = Histogram(id: "", name: "")
    /// From when a call was due until it began: what the pace itself costs, and what a lack of callers would.
    var beginnings = Histogram(id: "", name: "")

    mutating func add(_ other: Latencies) {
        answers.add(other.answers)
        beginnings.add(other.beginnings)
    }

    /// Those of an open loop; what is due during the first half second warms up and does not count.
    static func measure(
        rate: Double, tick: Duration, seconds: Double, callers: Int,
        _ call: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> Latencies {
        let warmUp = Int(rate / 2)
        let all = LatencyBox()
        try await OpenLoop.run(rate: rate, tick: tick, total: warmUp + Int(rate * seconds), callers: callers) { loop in
            var own = Latencies()
            while let next = await loop.next() {
                let began = Uptime.now
                try await call(next.number)
                guard next.number >= warmUp else { continue }
                own.answers.add(Double(Uptime.now - next.due))
                own.beginnings.add(Double(began - next.due))
            }
            all.add(own)
        }
        return all.latencies
    }

    /// Those of one caller that calls again as soon as it has its answer.
    static func single(calls: Int, _ call: @escaping @Sendable (Int) async throws -> Void) async throws -> Histogram {
        var times = Histogram(id: "", name: "")
        for number in 0..<calls {
            let began = Uptime.now
            try await call(number)
            if number >= calls / 20 { times.add(Double(Uptime.now - began)) }
        }
        return times
    }
}
