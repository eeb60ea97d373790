/// A connection to the member closed without goodbye (protocol F1).
struct CrashSuspicion: Sendable {
    enum Step: Sendable {
        /// Enough others are nearer to the member: they act, and this one only when they are suspected too.
        case standingBy
        case waiting
        case dialing
        case asking
    }

    var step: Step
    /// When the next dial or question is due.
    var next: Duration
    /// When the connection closed.
    var since: Duration
    var refusals = 0
    /// Whom to ask next.
    var asked = 0
}
