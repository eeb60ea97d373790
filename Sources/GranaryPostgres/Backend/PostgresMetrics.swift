import Metrics

/// The metrics of one backend, made once.
struct PostgresMetrics: Sendable {
    /// The rows of each batch of saves.
    let saveRows = Recorder(label: "granary_postgres_batch_rows", dimensions: [("kind", "save")])
    /// The rows of each batch of loads.
    let loadRows = Recorder(label: "granary_postgres_batch_rows", dimensions: [("kind", "load")])
    /// How long a batch of saves took from leaving to its answer, in seconds.
    let saveSeconds = Recorder(label: "granary_postgres_save_seconds", dimensions: [], aggregate: true)
    /// How long a batch of loads took from leaving to its answer, in seconds.
    let loadSeconds = Recorder(label: "granary_postgres_load_seconds", dimensions: [], aggregate: true)
    /// How many connections are open.
    let connections = Gauge(label: "granary_postgres_connections")
    /// Batches that were sent again because the answer was lost.
    let resent = Counter(label: "granary_postgres_resent_total")
    /// Saves that conflicted.
    let conflicts = Counter(label: "granary_postgres_conflicts_total")
}
