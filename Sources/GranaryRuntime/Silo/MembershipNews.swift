internal import GranaryCluster
internal import GranaryCore
internal import Synchronization

/// Tells readers of the cluster's members: each change once, in the order of the views.
final class MembershipNews: Sendable {
    private struct State {
        /// What was told last of each member.
        var members: [Int32: MembershipEvent] = [:]
        var view: Int64 = -1
        var readers: [UInt64: AsyncStream<MembershipEvent>.Continuation] = [:]
        var nextReader: UInt64 = 0
        var isOver = false
    }

    private let state = Mutex(State())

    /// Begins to tell another reader.
    func subscribe() -> AsyncStream<MembershipEvent> {
        // Members change rarely, so that even a reader that forgets to read costs little.
        let (events, continuation) = AsyncStream.makeStream(of: MembershipEvent.self, bufferingPolicy: .unbounded)
        let number: UInt64? = state.withLock { state in
            if state.isOver { return nil }
            for event in state.members.values.sorted(by: { $0.silo < $1.silo }) where event.status.isLive {
                continuation.yield(event)
            }
            state.nextReader += 1
            state.readers[state.nextReader] = continuation
            return state.nextReader
        }
        if let number {
            continuation.onTermination = { [weak self] _ in
                self?.state.withLock { _ = $0.readers.removeValue(forKey: number) }
            }
        } else {
            continuation.finish()
        }
        return events
    }

    /// A view was installed.
    func take(_ view: ClusterView) {
        state.withLock { state in
            guard view.number > state.view else { return }
            let isFirst = state.view < 0
            state.view = view.number
            for member in view.members.sorted(by: { $0.silo < $1.silo }) {
                // Those that had ended before this silo came are no news.
                if isFirst, !member.status.isLive { continue }
                tell(
                    MembershipEvent(
                        name: member.name, silo: member.silo, status: member.status.memberStatus, view: view.number),
                    &state)
            }
            let known = Set(view.members.map(\.silo))
            state.members = state.members.filter { known.contains($0.key) }
        }
    }

    /// A member changed.
    func take(_ event: MembershipEvent) { state.withLock { tell(event, &$0) } }

    private func tell(_ event: MembershipEvent, _ state: inout State) {
        guard state.members[event.silo]?.status != event.status else { return }
        state.members[event.silo] = event
        for reader in state.readers.values { reader.yield(event) }
    }

    /// Nothing is told any more.
    func close() {
        let readers = state.withLock { state in
            state.isOver = true
            defer { state.readers = [:] }
            return state.readers.values.map(\.self)
        }
        for reader in readers { reader.finish() }
    }
}
