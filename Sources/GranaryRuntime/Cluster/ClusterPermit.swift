/// What came of asking whether a grain may be activated here.
enum ClusterPermit: Sendable {
    /// It may, in this view.
    case granted(view: Int64)
    /// It lives elsewhere by this view.
    case moved(view: Int64)
    /// The time was over first.
    case expired
    /// The caller gave up.
    case cancelled
}
