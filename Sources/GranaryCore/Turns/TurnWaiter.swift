internal import Synchronization

/// How the wait at a gate ended.
package enum TurnOutcome: Sendable {
    /// The turn may begin; the gate is already set for it.
    case admitted
    /// The activation ended; look the grain up again.
    case moved
    /// The activation failed.
    case failed(any Error)
    /// The caller was cancelled.
    case cancelled
    /// The deadline passed.
    case expired
    /// The wait is part of a circle.
    case deadlock([GrainID])
}

/// One call that waits at a gate.
///
/// It is its own rendezvous: the first calls of all grains wait, and one object is half of two.
///
/// Sendable as its parent says.
package final class TurnWaiter: Rendezvous<TurnOutcome>, @unchecked Sendable {
    /// The grain whose gate it waits at.
    package let grain: any Grain
    /// The task that waits.
    package let task: TaskIdentity
    /// Whether it may overlap with read-only turns.
    package let isReadOnly: Bool
    /// The tick at which it began to wait.
    package let began: UInt32
    /// The tick at which it gives up.
    package let deadline: UInt32
    /// The order of arrival in the silo.
    package let number: UInt64
    /// The tick at which it is next looked at.
    private let nextProbe: Atomic<UInt32>
    /// The tick at which a circle that it is part of was last broken; 0 for never.
    private let broken = Atomic<UInt32>(0)

    /// How long a call waits before it is looked at for a deadlock: 200 ms.
    private static let probeTicks: UInt32 = 20
    /// How long until it is looked at again, in case what was asked of other silos was lost: 2 s.
    private static let retryTicks: UInt32 = 200

    init(
        grain: any Grain, task: TaskIdentity, isReadOnly: Bool, began: UInt32, deadline: UInt32, number: UInt64
    ) {
        self.grain = grain
        self.task = task
        self.isReadOnly = isReadOnly
        self.began = began
        self.deadline = deadline
        self.number = number
        nextProbe = Atomic(began &+ Self.probeTicks)
        super.init()
    }

    /// Whether it is time to look whether this wait is part of a circle; true once for each look.
    package func claimProbe(at now: UInt32) -> Bool {
        guard now >= nextProbe.load(ordering: .relaxed) else { return false }
        nextProbe.store(now &+ Self.retryTicks, ordering: .relaxed)
        return true
    }

    /// Whether the caller may break the circle that this wait is part of; true once, until the next look.
    package func claimBreak(at now: UInt32) -> Bool {
        let last = broken.load(ordering: .relaxed)
        guard last == 0 || now &- last >= Self.retryTicks / 2 else { return false }
        return broken.compareExchange(expected: last, desired: max(now, 1), ordering: .relaxed).exchanged
    }
}
