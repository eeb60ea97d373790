/// Why a call provably did not start.
package enum NotStartedReason: UInt8, Hashable, Sendable {
    /// The grain lives elsewhere, by the view named beside.
    case moved = 1
    /// The silo is leaving.
    case closing = 2
    /// A bounded queue is full.
    case overloaded = 3
    /// The deadline had passed.
    case expired = 4
    /// The caller had cancelled it.
    case cancelled = 5
    /// A reason that a newer version gave.
    case other = 255
}
