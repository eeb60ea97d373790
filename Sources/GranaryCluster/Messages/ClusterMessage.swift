/// Everything that members tell each other about the cluster itself; calls are another matter.
///
/// The cases from ``installed(view:held:last:)`` on travel in order on one session between two incarnations (protocol C1);
/// the others may use the control connection and may be lost.
package enum ClusterMessage: Hashable, Sendable, Codable {
    /// Asks for a ``probeAnswer(sequence:report:)``.
    case probe(sequence: UInt64, report: ProbeReport)
    /// Answers a probe.
    case probeAnswer(sequence: UInt64, report: ProbeReport)
    /// Asks the receiver to probe another member.
    case indirectProbe(target: Int32)
    /// Says that another member answered the sender's probe.
    case indirectAnswer(target: Int32)
    /// Asks whether the receiver finds that a member's process is gone.
    case opinionRequest(suspect: Int32)
    /// Says whether a dial to the suspect was refused or answered by a newer incarnation.
    case opinion(suspect: Int32, gone: Bool)
    /// A view, whoever committed it.
    case view(ClusterView)
    /// Asks for a view at least this new, if the receiver has one.
    case viewRequest(atLeast: Int64)
    /// Asks a member that reaches the database to record the sender as leaving.
    case relayLeaving
    /// The sender has installed a view, and these hashes of grains it does not own in it are still held (protocol O1).
    ///
    /// A long list comes in parts; only the last one counts, together with all before it.
    case installed(view: Int64, held: [UInt64], last: Bool)
    /// The sender owns the grain in a view and wants it let go; `known` is the newest announcement it has (O4).
    case pull(grain: ClusterGrain, view: Int64, known: Int64)
    /// The sender no longer holds grains with these hashes (O2).
    case released(view: Int64, hashes: [UInt64])
    /// The states of a grain that the sender is about to release (O6).
    case handover(GrainHandover)
    /// Whether the states that came unsaved are in use now (O6).
    case accepted(grain: ClusterGrain, used: Bool)
    /// Asks what the receiver's turn for one of the sender's calls waits for (C7).
    case waitProbe(WaitProbe, call: UInt64)
    /// A circle of waiting calls that is to be broken (C7).
    case waitCircle(WaitCircle)
}
