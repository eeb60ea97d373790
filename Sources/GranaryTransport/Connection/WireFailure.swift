internal import GranaryCore

/// Why there is no wire.
enum WireFailure: Error, Hashable, CustomStringConvertible {
    /// Nobody listens there.
    case refused
    /// Anything else, in words.
    case other(String)

    /// What somebody who only wants to learn who is there is told.
    var dialOutcome: DialOutcome {
        switch self {
        case .refused: .refused
        case .other(let reason): .failed(reason: reason)
        }
    }

    var description: String {
        switch self {
        case .refused: "nobody listens there"
        case .other(let reason): reason
        }
    }
}
