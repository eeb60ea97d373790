/// Is told of one grain type's activations, for metrics.
package protocol ActivationObserver: Sendable {
    /// An activation serves.
    func activated(after duration: Duration)
    /// An activation could not be made.
    func activationFailed()
    /// An activation ended, after so many turns.
    func deactivated(_ reason: DeactivationReason, turns: Int)
}
