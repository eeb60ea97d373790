/// What became of a frame that was handed to a session.
package enum SendOutcome: Hashable, Sendable {
    /// It is queued; once the session ends, ``SessionEnd/neverStarted`` tells what provably never arrived.
    case accepted
    /// The peer takes less than is sent and the session's bound is reached; the frame was not sent.
    case overloaded
    /// The frame is larger than the most bytes a message may have; it was not sent.
    case tooLarge(limit: Int)
    /// The session is over; the frame was not sent.
    case closed
}
