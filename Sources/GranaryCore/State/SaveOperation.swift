/// One save on its way.
package final class SaveOperation: Sendable {
    /// How the wait for the save ended.
    package enum End: Sendable {
        /// The store answered.
        case outcome(StateSaveOutcome)
        /// The store threw.
        case failed(any Error)
        /// The caller's time is over; the save goes on.
        case expired
    }

    /// For the turn that saves.
    let answer = Rendezvous<End>()
    /// For the recovery after a turn that could not wait; never ``End/expired``.
    let settled = Rendezvous<End>()

    init() {}

    func finish(_ end: End) {
        answer.finish(end)
        settled.finish(end)
    }
}
