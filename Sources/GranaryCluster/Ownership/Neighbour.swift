/// What a member knows of another one that is not buried.
struct Neighbour: Sendable {
    /// The row of the installed view; `nil` while the member is newer than that.
    var row: ClusterMember?
    /// It has released what it does not own, but for `held`, up to this view.
    var released: Int64
    /// The hashes it said it still holds.
    var held: Set<UInt64> = []
    /// The release that its lease in the database told: it holds nothing from before.
    var floor: Int64
    /// The newest view that it released a grain in.
    var releasedIn: Int64 = 0
    /// The parts of an announcement whose last part has not come yet.
    var parts: [UInt64] = []
    /// The view of the last announcement sent to it.
    var told: Int64

    var isLive: Bool { row?.status.isLive ?? true }
}
