internal import GranaryCore

/// Where a call has to go.
enum ClusterRoute: Sendable {
    /// Here.
    case local
    /// To another silo, over this session.
    case remote(any TransportLink, view: Int64)
    /// Nobody hosts the type in this view.
    case nobody(view: Int64)
}
