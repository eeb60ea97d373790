/// How many requests the thread that drives the connections waits for while batches are under way: to wake it for each
/// would cost more than the request, and it could only put it to the others.
struct EnginePatience: Sendable {
    /// The member whose saves wait for each other; those of others are told at once.
    var silo: Int32?
    /// How many of its saves are worth to be woken for.
    var saves = 1
    /// How many loads are.
    var loads = 1

    /// Counts a message.
    ///
    /// - Returns: Whether the thread has to be woken for it.
    mutating func isOver(with message: EngineMessage) -> Bool {
        switch message {
        case .save(_, let silo) where silo == self.silo:
            saves -= 1
            return saves <= 0
        case .load:
            loads -= 1
            return loads <= 0
        default:
            return true
        }
    }
}
