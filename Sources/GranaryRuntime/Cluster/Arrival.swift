internal import GranaryCluster
internal import GranaryCore
internal import Synchronization

/// A call from another silo that is not answered yet.
///
/// Sendable though the compiler cannot see it of a class with heirs: all properties, those of the heir included, are
/// constants of Sendable types.
class Arrival: @unchecked Sendable {
    /// A call as its sender names it.
    struct Key: Hashable, Sendable {
        var link: ObjectIdentifier
        var call: UInt64

        /// By the call alone, whose number is hardly another session's too.
        func hash(into hasher: inout Hasher) { hasher.combine(call) }
    }

    private enum State {
        /// It has no task yet.
        case begins
        /// Its turn runs or waits in a task.
        case runs(Task<Void, Never>)
        /// Nobody waits for it any more.
        case abandoned
        /// It is answered.
        case answered
    }

    let call: ReceivedCall
    let link: any TransportLink
    let grain: ClusterGrain
    /// Ascends with the order of arrival.
    let number: UInt64
    /// The place of its grain, which stays while the call is not answered.
    let place: Int
    private let state = Mutex<State>(.begins)

    init(_ call: ReceivedCall, on link: any TransportLink, at grain: ClusterGrain, number: UInt64, place: Int) {
        self.call = call
        self.link = link
        self.grain = grain
        self.number = number
        self.place = place
    }

    /// What the caller's silo knows it by.
    var key: Key { Key(link: ObjectIdentifier(link), call: call.head.id) }

    /// Files the task of its turn; one that nobody waits for any more is cancelled.
    func runs(in task: Task<Void, Never>) {
        let isAbandoned = state.withLock { state in
            switch state {
            case .begins, .runs: state = .runs(task)
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
