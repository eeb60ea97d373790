/// The answer to a ``StoreRequest``.
package enum StoreAnswer: Sendable, Hashable {
    /// To `readView`; the token is that of the known view, `nil` when the log no longer has it.
    case view(ClusterView, tokenOfKnown: String?)
    /// To `join`; `nil` when the view was not the newest.
    case joined(ClusterJoin?)
    /// To `advance`, `declareDead` and `proveEnd`: the new view, or `nil` when nothing was changed.
    case changed(Int64?)
    /// To `renew`.
    case renewed(ClusterRenewal)
    /// To `breakFence`.
    case fenceBroken
    /// The statement failed, or nobody knows; `lockTimeout` when it waited for the fence in vain.
    case failed(lockTimeout: Bool)
}
