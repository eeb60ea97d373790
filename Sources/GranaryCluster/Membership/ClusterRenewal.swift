/// The answer to a lease renewal.
package struct ClusterRenewal: Hashable, Sendable {
    /// The number of the newest view.
    package var view: Int64
    /// The token of the newest view.
    package var token: String
    /// The status of the member that renewed; `nil` for an unknown member.
    package var status: ClusterMemberStatus?

    /// Makes an answer.
    ///
    /// - Parameters:
    ///   - view: The number of the newest view.
    ///   - token: The token of the newest view.
    ///   - status: The status of the member that renewed.
    package init(view: Int64, token: String, status: ClusterMemberStatus?) {
        self.view = view
        self.token = token
        self.status = status
    }
}
