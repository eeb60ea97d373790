/// The answer to a join that was committed.
package struct ClusterJoin: Hashable, Sendable {
    /// The new member's number.
    package var silo: Int32
    /// The view it joined in.
    package var view: Int64

    /// Makes an answer.
    ///
    /// - Parameters:
    ///   - silo: The new member's number.
    ///   - view: The view it joined in.
    package init(silo: Int32, view: Int64) {
        self.silo = silo
        self.view = view
    }
}
