internal import GranaryCore

/// Measures the loads and saves of a silo.
final class StoreMeter: StateMeter {
    let metrics: SiloMetrics
    let time: any TimeSource

    init(metrics: SiloMetrics, time: any TimeSource) {
        self.metrics = metrics
        self.time = time
    }

    var now: Duration { time.now }

    func loaded(_ result: Result<LoadedStates, any Error>, since began: Duration) {
        metrics.loaded(result, after: time.now - began)
    }

    func saved(_ result: Result<StateSaveOutcome, any Error>, since began: Duration) {
        metrics.saved(result, after: time.now - began)
    }
}
