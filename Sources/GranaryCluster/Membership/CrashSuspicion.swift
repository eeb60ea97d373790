/// A connection to the member closed without goodbye (protocol F1).
struct CrashSuspicion: Sendable {
    enum Step: Sendable {
        case waiting
        case dialing
        case asking
    }

    var step: Step
    /// When the next dial or question is due.
    var next: Duration
    var refusals = 0
    /// Whom to ask next.
    var asked = 0
}
