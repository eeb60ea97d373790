internal import GranaryCore

/// How a call to another silo ended.
enum RemoteEnd: Sendable {
    /// It was not sent: calls before it have to be answered first.
    case waits(Rendezvous<Void>)
    /// The other silo answered.
    case answered(CallReply.Outcome)
    /// It provably never started.
    case neverStarted
    /// The session ended; whether it ran is not known.
    case lost(String)
    /// The caller's time is over.
    case expired
    /// The caller was cancelled.
    case cancelled

    /// Whether the call provably did not start, for a reason that another attempt may not meet.
    var mayGoAgain: Bool {
        switch self {
        case .neverStarted: true
        case .answered(.notStarted(let reason, _)):
            switch reason {
            case .moved, .closing, .other: true
            case .overloaded, .expired, .cancelled: false
            }
        case .waits, .answered, .lost, .expired, .cancelled: false
        }
    }
}
