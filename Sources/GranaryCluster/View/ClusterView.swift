/// A numbered list of the cluster's members; number, token and rows never change once written (protocol M2).
package struct ClusterView: Hashable, Sendable, Codable {
    /// The number, growing by one with each change; 0 before the first one.
    package var number: Int64
    /// A random token: two views of one number with different tokens show that the database lost history.
    package var token: String
    /// All members that have not been swept, ended ones included.
    package var members: [ClusterMember]

    /// Makes a view.
    ///
    /// - Parameters:
    ///   - number: The number.
    ///   - token: The token.
    ///   - members: The members.
    package init(number: Int64, token: String, members: [ClusterMember]) {
        self.number = number
        self.token = token
        self.members = members
    }

    /// The row of a member.
    package func member(_ silo: Int32) -> ClusterMember? {
        members.first { $0.silo == silo }
    }

    /// The members that have not ended.
    package var live: [ClusterMember] { members.filter(\.status.isLive) }

    /// The members that serve grains.
    package var active: [ClusterMember] { members.filter { $0.status == .active } }
}
