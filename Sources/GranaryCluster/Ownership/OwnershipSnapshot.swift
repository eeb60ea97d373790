/// Who owns what in one installed view, as every shard of the catalog keeps it.
package struct OwnershipSnapshot: Sendable {
    /// The silo that installed the view.
    package let silo: Int32
    /// The view's number.
    package let view: Int64
    /// The rings.
    package let history: RingHistory

    /// Makes a snapshot.
    ///
    /// - Parameters:
    ///   - silo: The silo that installed the view; 0 for a client, which owns nothing.
    ///   - view: The view's number.
    ///   - history: The rings, that of the view among them.
    package init(silo: Int32, view: Int64, history: RingHistory) {
        self.silo = silo
        self.view = view
        self.history = history
    }

    /// The owner of a grain in this view.
    package func owner(of grain: ClusterGrain) -> Int32? {
        history.owner(of: grain.hash, type: grain.type, at: view)
    }

    /// Whether the silo itself owns a grain in this view.
    package func owns(_ grain: ClusterGrain) -> Bool { owner(of: grain) == silo }

    /// A ring for the grains of one type, to be asked on every call.
    ///
    /// It takes time in the size of the ring: keep it for as long as the snapshot.
    package func ring(for type: String) -> Ring { history.ring(for: type, at: view) }
}
