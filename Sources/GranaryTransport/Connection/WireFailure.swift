/// Why there is no wire.
enum WireFailure: Error, Hashable, CustomStringConvertible {
    /// Nobody listens there.
    case refused
    /// Anything else, in words.
    case other(String)

    var description: String {
        switch self {
        case .refused: "nobody listens there"
        case .other(let reason): reason
        }
    }
}
