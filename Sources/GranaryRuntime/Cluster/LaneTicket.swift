internal import GranaryCluster

/// A call's place among all calls of this silo to one grain.
struct LaneTicket: Sendable {
    /// The grain.
    let grain: ClusterGrain
    /// Ascends with the order in which calls are handed over.
    let number: UInt64
}

extension ClusterGrain {
    /// What the frames of calls to the grain have in common, so that none of them overtakes another.
    var order: UInt64 { hash | 1 }
}
