/// What became of a turn that would neither wait nor be suspended.
@usableFromInline
package enum QuickTurn: Sendable {
    /// It did not begin: others are in the gate, or the activation is over.
    case busy
    /// It is over.
    case ended(Result<Reply, any Error>)
    /// Its method is over and the gate still held: what the turn leaves behind has to be settled, which may take a while.
    case unsettled(Result<Reply, any Error>)
}
