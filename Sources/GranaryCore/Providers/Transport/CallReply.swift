package import NIOCore

/// The answer to a call.
package struct CallReply: Hashable, Sendable {
    /// What became of the call.
    package enum Outcome: Hashable, Sendable {
        /// The turn ended; the encoded result.
        case result(ByteBuffer)
        /// The turn threw, or could not end well.
        case error(CallFailure)
        /// The call provably did not start and may be sent again.
        case notStarted(NotStartedReason, view: Int64)
    }

    /// The number of the call.
    package var call: UInt64
    /// What became of it.
    package var outcome: Outcome

    /// Makes an answer.
    package init(_ call: UInt64, _ outcome: Outcome) {
        self.call = call
        self.outcome = outcome
    }
}
