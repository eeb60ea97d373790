/// A call to another silo that a turn of this one waits for.
package final class AwaitedCall: Sendable {
    /// The turn, by the number of this call: the silo knows it by that for as long as it waits.
    package let link: CallChainLink
    /// The task that waits.
    package let task: TaskIdentity
    /// The grain whose turn calls.
    package let caller: any Grain
    /// Where the call went.
    package let session: any TransportLink
    private let wait: any Finishable

    /// Describes a call.
    ///
    /// - Parameters:
    ///   - link: The turn, by the number of this call.
    ///   - task: The task that waits.
    ///   - caller: The grain whose turn calls.
    ///   - session: Where the call goes.
    ///   - wait: Finished when nobody waits for the call any more.
    package init(
        _ link: CallChainLink, by task: TaskIdentity, of caller: any Grain, on session: any TransportLink,
        until wait: any Finishable
    ) {
        self.link = link
        self.task = task
        self.caller = caller
        self.session = session
        self.wait = wait
    }

    /// The number of the call.
    package var number: UInt64 { link.turn }

    /// Whether the turn waits for nothing but this call.
    package var isAwaited: Bool { !wait.isFinished }
}
