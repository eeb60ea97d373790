/// How a session ended.
package struct SessionEnd: Hashable, Sendable {
    /// Who ended it.
    package enum Cause: Hashable, Sendable {
        /// This process dropped it, or stopped.
        case dropped
        /// The peer said goodbye.
        case goodbye
        /// The peer refused to begin it or to take it up again.
        case refused(RefusalCode)
        /// The peer began a new session in its place, or no connection came back in time.
        case lost
        /// One of the two sent what the other cannot read.
        case protocolError
    }

    /// Who ended it.
    package var cause: Cause
    /// Why, in words.
    package var reason: String
    /// The calls that provably never started at the peer (rule C2 of the cluster protocol), in the order in which they
    /// were sent.
    package var neverStarted: [UInt64]

    /// Makes a description.
    package init(_ cause: Cause, reason: String, neverStarted: [UInt64] = []) {
        self.cause = cause
        self.reason = reason
        self.neverStarted = neverStarted
    }
}
