internal import GranaryCluster
internal import GranaryCore
internal import NIOCore
internal import Synchronization

/// A call from another silo that is not answered yet.
///
/// Sendable though the compiler cannot see it of a class with heirs: all properties, those of the heir included, are
/// constants of Sendable types, but for three that ``Arrivals`` sets before anybody else has seen the object, and what
/// ``dropContents()`` drops, which is for whoever answers the call.
class Arrival: @unchecked Sendable {
    /// A call as its sender names it.
    struct Key: Equatable, Sendable {
        var link: ObjectIdentifier
        var call: UInt64
    }

    private enum State {
        /// It has no task yet.
        case begins
        /// Its turn runs or waits in a task.
        case runs(Task<Void, Never>)
        /// It runs in a task that runs others, too.
        case isCarried(by: QuickRunner)
        /// Nobody waits for it any more.
        case abandoned
        /// It is answered.
        case answered
    }

    /// Everything but the arguments.
    let head: CallHead
    /// The encoded arguments, until the call is answered.
    @exclusivity(unchecked) private(set) var arguments: ByteBuffer
    let link: any TransportLink
    let grain: ClusterGrain
    /// Ascends with the order of arrival.
    var number: UInt64 = 0
    /// The place of its grain, which stays while the call is not answered.
    var place = 0
    /// Its place among the calls of its shard.
    var slot = 0
    private let state = Mutex<State>(.begins)

    init(_ call: consuming ReceivedCall, on link: any TransportLink, at grain: ClusterGrain) {
        head = call.head
        arguments = call.arguments
        self.link = link
        self.grain = grain
    }

    /// What the caller's silo knows it by.
    var key: Key { Key(link: ObjectIdentifier(link), call: head.id) }

    /// Drops what nothing needs once the call is about to be answered: the object may stay for a while.
    func dropContents() { arguments = ByteBuffer() }

    /// Whether it can run without a task of its own.
    var isQuick: Bool { false }

    /// Runs it in a task that runs others, too.
    func run(in runner: QuickRunner) async {}

    /// Runs it in a task of its own, up to the grain's gate before this returns, so that calls reach it in their order.
    func begin(in host: any GrainHosting, at desk: CallDesk) { desk.begin(self, in: host) }

    /// Says that it runs in a task that runs others, too; whether anybody waits for it.
    func runs(in runner: QuickRunner) -> Bool {
        state.withLock { state in
            if case .abandoned = state { return false }
            state = .isCarried(by: runner)
            return true
        }
    }

    /// Files the task of its turn; one that nobody waits for any more is cancelled.
    func runs(in task: Task<Void, Never>) {
        let isAbandoned = state.withLock { state in
            switch state {
            case .begins, .runs, .isCarried: state = .runs(task)
            case .answered: break
            case .abandoned: return true
            }
            return false
        }
        if isAbandoned { task.cancel() }
    }

    /// Nobody waits for it any more.
    func abandon() {
        let task: Task<Void, Never>? = state.withLock { state in
            switch state {
            case .begins:
                state = .abandoned
                return nil
            case .runs(let task):
                state = .abandoned
                return task
            case .isCarried(let runner):
                state = .abandoned
                // Under the lock, so that it is this call that is cancelled and not the one after it.
                runner.cancel()
                return nil
            case .abandoned, .answered:
                return nil
            }
        }
        task?.cancel()
    }

    /// It is over; says whether somebody waits for the answer.
    func answer() -> Bool {
        state.withLock { state in
            if case .abandoned = state { return false }
            state = .answered
            return true
        }
    }
}
