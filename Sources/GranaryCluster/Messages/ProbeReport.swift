/// What two members tell each other with every probe and answer.
package struct ProbeReport: Hashable, Sendable, Codable {
    /// The newest view that the sender knows.
    package var view: Int64
    /// How long ago, in milliseconds, the sender sent the last renewal that succeeded.
    package var leaseAgeMilliseconds: Int64
    /// The members that the sender exchanged frames with lately.
    package var reached: [Int32]

    /// Makes a report.
    ///
    /// - Parameters:
    ///   - view: The newest view that the sender knows.
    ///   - leaseAgeMilliseconds: The age of its lease in milliseconds.
    ///   - reached: The members that it exchanged frames with lately.
    package init(view: Int64, leaseAgeMilliseconds: Int64, reached: [Int32]) {
        self.view = view
        self.leaseAgeMilliseconds = leaseAgeMilliseconds
        self.reached = reached
    }
}
