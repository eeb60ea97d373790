/// A pull that names a view which is not installed yet, or whose survey is not done.
struct WaitingPull: Sendable {
    var sender: Int32
    var grain: ClusterGrain
    var view: Int64
    var known: Int64
}
