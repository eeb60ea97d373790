extension Target {
    /// Every target there is, in the order of the page.
    static let all = local + remote + storage + memory + disturbance + start + codec

    private static let local =
        [1, 100].flatMap { callers in
            let who = "\(callers) caller\(callers == 1 ? "" : "s")"
            return [
                Target(
                    "local call of a synchronous method, \(who), beside a bare actor's", .atMost(1.7),
                    .ratio("calls.sync.\(callers)", to: "calls.bare.\(callers)"), by: "calls"),
                Target(
                    "local call of an asynchronous method, \(who), beside a bare actor's", .atMost(2),
                    .ratio("calls.async.\(callers)", to: "calls.bareasync.\(callers)"), by: "calls"),
                Target(
                    "local call with a reference made for it, \(who), beside a bare actor's", .atMost(2.5),
                    .ratio("calls.made.\(callers)", to: "calls.bare.\(callers)"), by: "calls"),
            ]
        } + [
            Target(
                "allocations of a local call, synchronous method", .atMost(0.01),
                .figure("budgets.local-call-of-a-synchronous-method-allocations", unit: "per call"), by: "budgets"),
            Target(
                "allocations of a local call, asynchronous method", .atMost(0.01),
                .figure("budgets.local-call-of-an-asynchronous-method-allocations", unit: "per call"), by: "budgets"),
            Target(
                "allocations of a local call, reference made for it", .atMost(0.01),
                .figure("budgets.local-call-with-a-reference-made-for-it-allocations", unit: "per call"),
                by: "budgets"),
            Target(
                "calls of one hot grain, 100 callers, beside one bare hot actor's", .atLeast(0.9),
                .ratio("calls.hot.bare", to: "calls.hot.sync"), by: "calls"),
            Target(
                "local calls beside Erlang's gen_server, 1 caller", .atLeast(10),
                .ratio("calls.erlang.1", to: "calls.sync.1"), by: "calls"),
            Target(
                "local calls beside Erlang's gen_server, 64 callers", .atLeast(10),
                .ratio("calls.erlang.64", to: "calls.sync.64"), by: "calls"),
        ]

    private static let remote = [
        Target(
            "latency of a remote call, 1 caller, beside the raw echo's", .atMost(3.5),
            .ratio("remote.echo.1", to: "remote.grain.1"), by: "remote"),
        Target(
            "remote calls, 100 callers", .atLeast(500_000), .figure("remote.grain.100", unit: "per second"),
            by: "remote"),
        Target(
            "remote calls, 100 callers, beside Erlang's between nodes", .atLeast(8),
            .ratio("remote.grain.100", to: "remote.erlang.100"), by: "remote"),
        Target(
            "remote calls, 1,000 callers", .atLeast(700_000), .figure("remote.grain.1000", unit: "per second"),
            by: "remote"),
        Target(
            "remote calls, 1,000 callers, beside Erlang's between nodes", .atLeast(8),
            .ratio("remote.grain.1000", to: "remote.erlang.1000"), by: "remote"),
        Target(
            "p99 of a remote call at half of that load", .atMost(1), .figure("latency.remote.p99", unit: "ms"),
            by: "latency"),
    ]

    private static let storage = [
        Target(
            "saves, 200 callers, beside pgbench's updates", .atLeast(6),
            .ratio("storage.saves.granary", to: "storage.saves.pgbench"), by: "storage"),
        Target(
            "one save alone beside one update of pgbench", .atMost(1.5),
            .ratio("storage.single.granary", to: "storage.single.pgbench"), by: "storage"),
        Target(
            "first calls with state from PostgreSQL beside pgbench's selects", .atLeast(2),
            .ratio("storage.loads.granary", to: "storage.loads.pgbench"), by: "storage"),
        Target("first calls without state", .atLeast(1_000_000), .rate("activations.stateless"), by: "activations"),
    ]

    private static let memory = [
        Target(
            "memory of an idle activation with one small state", .atMost(600),
            .figure("memory.stateful", unit: "bytes"), by: "memory"),
        Target(
            "memory of a silo with 1,000,000 activations", .atMost(1_000),
            .figure("memory.million", unit: "MB"), by: "scale"),
        Target(
            "a call over 1,000,000 random grains beside as many bare actors", .atMost(2.5),
            .ratio("scale.sync.1000000", to: "scale.actor.1000000"), by: "scale"),
    ]

    private static let disturbance = [
        Target(
            "hand-over to a silo that joins 100,000 active grains", .atMost(3),
            .figure("disturbance.handover", unit: "s"), by: "disturbance"),
        Target(
            "p99 of calls meanwhile", .atMost(50), .figure("disturbance.join.p99", unit: "ms"), by: "disturbance"),
        Target(
            "p99 from kill -9 to the first answer elsewhere", .atMost(300),
            .figure("disturbance.firstAnswer.p99", unit: "ms"), by: "disturbance"),
    ]

    private static let start = [
        Target("silo ready, in memory", .atMost(50), .figure("start.memory", unit: "ms"), by: "start"),
        Target("silo ready, with PostgreSQL", .atMost(200), .figure("start.postgres", unit: "ms"), by: "start"),
        Target(
            "silo ready, with PostgreSQL, as the first of a cluster", .atMost(200),
            .figure("start.cluster", unit: "ms"), by: "start"),
    ]

    /// Of the values that the benchmark writes and reads, the one that is worst off counts.
    private static let codec = ["cbor", "json"].flatMap { form in
        [(2.0, "any Codable", ""), (5.0, "a type marked for the specialised codec", ".coded")].flatMap {
            limit, who, end in
            [("encode", "writing", "JSONEncoder"), ("decode", "reading", "JSONDecoder")].map { way, verb, foundation in
                Target(
                    "\(verb) \(who), \(form == "cbor" ? "as CBOR" : "as JSON of states"), "
                        + "beside Foundation's \(foundation)", .atLeast(limit),
                    .least(
                        ["flat", "small", "order", "numbers", "thousand"].map { value in
                            .init(
                                figure: "codec.foundation.\(way).\(value)", base: "codec.\(form).\(way).\(value)\(end)")
                        }),
                    by: "codec")
            }
        }
    }
}
