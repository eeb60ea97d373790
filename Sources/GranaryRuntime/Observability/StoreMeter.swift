internal import GranaryCore

/// Measures the loads and saves of a silo.
struct StoreMeter: StateMeter {
    let metrics: SiloMetrics
    let time: any TimeSource

    var now: Duration { time.now }

    func loaded(_ result: Result<[StateRecord], any Error>, since began: Duration) {
        metrics.loaded(result, after: time.now - began)
    }

    func saved(_ result: Result<StateSaveOutcome, any Error>, since began: Duration) {
        metrics.saved(result, after: time.now - began)
    }
}
