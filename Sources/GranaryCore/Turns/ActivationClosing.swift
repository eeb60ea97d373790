/// What became of the states when an activation ended.
package struct ActivationClosing: Sendable {
    /// How many states the last flush saved.
    package var saved = 0
    /// Why the last flush failed.
    package var failure: (any Error)?
    /// Whether `deactivate(_:)` took too long and was left alone.
    package var isAbandoned = false
    /// How many turns the activation ran.
    package var turns = 0
    /// The states, where all of them are as they are stored; `nil` elsewhere, and for a grain that does not move.
    package var records: [String: StateRecord]?
}

/// What came of the wish to end an activation that seems unused.
package enum ActivationEnd: Sendable {
    /// It ends.
    case ending
    /// It is over already.
    case over
    /// It was used at that tick, or is busy now.
    case used(UInt32)
    /// It asked to be kept until that tick.
    case kept(UInt32)
}
