/// Which version of a grain type a member hosts, and which older ones may serve beside it.
package struct ClusterTypeVersion: Hashable, Sendable, Codable {
    /// The version that members have which say nothing.
    package static let first = ClusterTypeVersion(number: 1, oldestBeside: 1)

    /// The version, from 1.
    package var number: Int
    /// The oldest version that may serve grains of the type while members with this one do.
    package var oldestBeside: Int

    /// Makes a version.
    ///
    /// - Parameters:
    ///   - number: The version, from 1.
    ///   - oldestBeside: The oldest version that may serve beside it.
    package init(number: Int, oldestBeside: Int) {
        self.number = number
        self.oldestBeside = oldestBeside
    }
}
