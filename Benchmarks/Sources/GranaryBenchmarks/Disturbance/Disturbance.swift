/// What can happen to a cluster.
enum Disturbance: String, CaseIterable {
    case none, join, drain, kill

    var words: String {
        switch self {
        case .none: "nothing happens"
        case .join: "a silo joins"
        case .drain: "a silo is drained"
        case .kill: "a silo is killed"
        }
    }
}
