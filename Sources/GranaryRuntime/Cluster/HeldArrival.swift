internal import GranaryCluster
internal import GranaryCore

/// A call to a grain that is active here, with all that its turn needs: its task captures nothing but this object.
///
/// Objects that the event loop makes and the pool frees are what a call costs most, so there is one, beside the task.
final class HeldArrival<G: Grain>: Arrival, @unchecked Sendable {
    typealias Turn = @Sendable (isolated G, HostAddress<G>, TurnCaller, ReceivedArguments) async throws -> Reply

    private let target: G
    private let turn: Turn
    private let deadline: UInt32
    private let desk: CallDesk

    init(
        _ call: ReceivedCall, on link: any TransportLink, at identity: ClusterGrain, number: UInt64, slot: Int,
        to grain: G, _ turn: @escaping Turn, _ deadline: UInt32, desk: CallDesk
    ) {
        target = grain
        self.turn = turn
        self.deadline = deadline
        self.desk = desk
        super.init(call, on: link, at: identity, number: number, place: slot)
    }

    /// Runs it up to the grain's gate before this returns, so that calls reach it in the order of their arrival.
    func begin() {
        desk.tasks.began()
        // Awaited as one of the silo's tasks.
        runs(in: Task.immediateDetached { await self.run() })
    }

    private func run() async {
        let host = target.context.host
        let outcome: CallReply.Outcome
        do {
            let arguments = ReceivedArguments(
                call.arguments, count: call.head.argumentCount, reader: desk.decoder)
            outcome = .result(try await turn(target, host.address, TurnCaller(deadline: deadline), arguments).buffer)
        } catch is GateClosed {
            outcome = .notStarted(.moved, view: desk.driver.installed)
        } catch {
            outcome = desk.outcome(host.outward(error, id: target.context.id, method: call.head.method))
        }
        desk.end(self, outcome)
        desk.tasks.ended()
    }
}
