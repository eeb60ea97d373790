internal import GranaryCore
internal import Metrics
internal import Synchronization

/// A silo's metrics, made once; the grain type is a dimension, a key never is.
final class SiloMetrics: Sendable {
    let stuckTurns = Counter(label: "granary_stuck_turns_total")
    let storeLoads = Metrics.Timer(label: "granary_state_load_seconds", dimensions: [], preferredDisplayUnit: .seconds)
    let storeSaves = Metrics.Timer(label: "granary_state_save_seconds", dimensions: [], preferredDisplayUnit: .seconds)
    let loadErrors = Counter(label: "granary_state_load_errors_total")
    let saveErrors = Counter(label: "granary_state_save_errors_total")
    let conflicts = Counter(label: "granary_state_conflicts_total")

    /// Counts a load that ended.
    func loaded(_ result: Result<some Any, any Error>, after duration: Duration) {
        switch result {
        case .success: storeLoads.record(duration: duration)
        case .failure: loadErrors.increment()
        }
    }

    /// Counts a save that ended.
    func saved(_ result: Result<StateSaveOutcome, any Error>, after duration: Duration) {
        switch result {
        case .success(let outcome):
            storeSaves.record(duration: duration)
            if case .conflict = outcome { conflicts.increment() }
        case .failure:
            saveErrors.increment()
        }
    }

    func observer(for type: String) -> any ActivationObserver { GrainTypeMetrics(type) }
}

/// One grain type's metrics.
final class GrainTypeMetrics: ActivationObserver {
    private let type: String
    private let active: Meter
    private let activations: Counter
    private let failures: Counter
    private let turns: Counter
    private let activationTime: Metrics.Timer

    init(_ type: String) {
        self.type = type
        let dimensions = [("grain_type", type)]
        active = Meter(label: "granary_activations", dimensions: dimensions)
        activations = Counter(label: "granary_activations_total", dimensions: dimensions)
        failures = Counter(label: "granary_activation_failures_total", dimensions: dimensions)
        turns = Counter(label: "granary_turns_total", dimensions: dimensions)
        activationTime = Metrics.Timer(
            label: "granary_activation_seconds", dimensions: dimensions, preferredDisplayUnit: .seconds)
    }

    func activated(after duration: Duration) {
        active.increment()
        activations.increment()
        activationTime.record(duration: duration)
    }

    func activationFailed() { failures.increment() }

    func deactivated(_ reason: DeactivationReason, turns: Int) {
        active.decrement()
        self.turns.increment(by: turns)
        Counter(
            label: "granary_deactivations_total", dimensions: [("grain_type", type), ("reason", reason.name)]
        ).increment()
    }
}
