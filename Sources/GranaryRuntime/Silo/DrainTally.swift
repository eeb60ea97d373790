internal import GranaryCore
internal import Synchronization

/// Adds up what became of ended activations.
final class DrainTally: Sendable {
    private let report = Mutex(DrainReport())

    func note(_ closing: ActivationClosing) {
        report.withLock { report in
            if closing.isAbandoned { report.abandoned += 1 } else { report.ended += 1 }
            report.saved += closing.saved
            if closing.failure != nil { report.unsaved += 1 }
        }
    }

    func reset() { report.withLock { $0 = DrainReport() } }

    var current: DrainReport { report.withLock(\.self) }
}
