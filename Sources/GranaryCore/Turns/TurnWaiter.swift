internal import Synchronization

/// One call that waits at a gate.
package final class TurnWaiter: Sendable {
    /// How the wait ended.
    package enum Outcome: Sendable {
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

    /// The grain whose gate it waits at.
    package let grain: any Grain
    /// The chain of calls it belongs to.
    package let chain: TaskIdentity
    /// Whether it may overlap with read-only turns.
    package let isReadOnly: Bool
    /// The tick at which it began to wait.
    package let began: UInt32
    /// The tick at which it gives up.
    package let deadline: UInt32
    /// The order of arrival in the silo.
    package let number: UInt64
    package let rendezvous = Rendezvous<Outcome>()
    private let isProbed = Atomic<Bool>(false)

    init(
        grain: any Grain, chain: TaskIdentity, isReadOnly: Bool, began: UInt32, deadline: UInt32, number: UInt64
    ) {
        self.grain = grain
        self.chain = chain
        self.isReadOnly = isReadOnly
        self.began = began
        self.deadline = deadline
        self.number = number
    }

    /// Whether nobody has looked yet whether this wait is part of a circle; true once.
    package func claimProbe() -> Bool { !isProbed.exchange(true, ordering: .relaxed) }

    /// Whether the wait is over.
    package var isFinished: Bool { rendezvous.isFinished }
}
