/// The part of a gate that an activation only has once calls wait at it, or once it ends.
@usableFromInline
package final class TurnQueue {
    /// Calls that wait, in order of arrival.
    ///
    /// Calls that gave up stay until they are met.
    var waiting = TurnLine()
    /// Read-only turns that overlap with the gate's `running` one.
    var overlapping: [RunningTurn] = []
    /// How many read-only turns run.
    var readers = 0
    /// Why the activation shall end as soon as no turn runs.
    var leaving: DeactivationReason?
    /// Calls that came before this one are served before the activation ends; zero for none.
    var servedUpTo: UInt64 = 0
    /// Why the activation failed: what calls that waited for it are told.
    var failure: (any Error)?
    /// Those who wait for the activation to be gone.
    var watchers: [Rendezvous<Void>] = []
    /// Whether a write-behind flush holds the gate, beside which read-only turns may run.
    var isFlushing = false
    /// Whether the turn that runs is a timer's, which is no use of the activation.
    var isTicking = false
    /// The timers that end with the activation.
    var timers: [any ActivationTimerHandle] = []
    /// The activation stays in memory at least until this tick; zero where there is no such wish.
    var keptUntil: UInt32 = 0

    init() {}

    /// Whether the first call that waits came before the wish to end, and is served all the same.
    var hasToServe: Bool {
        guard servedUpTo > 0 else { return false }
        while waiting.first?.isFinished == true { waiting.removeFirst() }
        return waiting.first.map { $0.number <= servedUpTo } ?? false
    }

    /// Whether nothing is kept here.
    var isIdle: Bool {
        waiting.isEmpty && overlapping.isEmpty && readers == 0 && leaving == nil && servedUpTo == 0 && failure == nil
            && watchers.isEmpty && !isFlushing && !isTicking && timers.isEmpty
            && keptUntil == 0
    }

    /// The calls that still wait.
    var liveCount: Int { waiting.reduce(into: 0) { if !$1.isFinished { $0 += 1 } } }
}

// Reachable only through the gate, which is isolated to its grain: say so to the compiler.
@available(*, unavailable)
extension TurnQueue: Sendable {}
