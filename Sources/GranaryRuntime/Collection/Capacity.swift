internal import GranaryCore
internal import Synchronization

/// Keeps the number of activations near its limit: asks for evictions, and holds back new ones when these lag behind.
package final class Capacity: Sendable {
    private struct State {
        var waiting: [Rendezvous<Bool>] = []
    }

    private let limit: Int
    private let count = Atomic<Int>(0)
    /// How many of the activations are not yet on their way out.
    private let staying = Atomic<Int>(0)
    private let state = Mutex(State())
    private let wish = Mutex<Rendezvous<Void>?>(nil)
    private let deadlines: Deadlines

    init(limit: Int, deadlines: Deadlines) {
        self.limit = limit
        self.deadlines = deadlines
    }

    /// How far above the limit the number may go before new activations wait.
    private var slack: Int { limit / 16 + 64 }

    /// How many activations are too many now.
    var excess: Int {
        limit == .max ? 0 : max(staying.load(ordering: .relaxed) - limit, 0)
    }

    /// How many of the activations are not yet on their way out.
    var stayingActivations: Int { max(staying.load(ordering: .relaxed), 0) }

    package var activations: Int { count.load(ordering: .relaxed) }

    func noteActivation() {
        count.wrappingAdd(1, ordering: .relaxed)
        if staying.wrappingAdd(1, ordering: .relaxed).newValue > limit { wakeEvictor() }
    }

    func noteEnding() { staying.wrappingSubtract(1, ordering: .relaxed) }

    func noteEnd(wasEnding: Bool) {
        if !wasEnding { staying.wrappingSubtract(1, ordering: .relaxed) }
        count.wrappingSubtract(1, ordering: .relaxed)
        guard limit != .max else { return }
        // One that gave up needs no room: on to the next.
        while let next = state.withLock({ $0.waiting.popLast() }) {
            if next.finish(true) { return }
        }
    }

    /// Whether one more activation need not wait.
    var hasRoom: Bool { limit == .max || count.load(ordering: .relaxed) <= limit + slack }

    /// Waits until there is room for one more activation.
    ///
    /// A call from within a grain never waits: the room it waits for may be the one that its caller keeps.
    func room(deadline: UInt32, isNested: Bool) async throws {
        guard !hasRoom, !isNested else { return }
        let rendezvous = Rendezvous<Bool>()
        state.withLock { $0.waiting.append(rendezvous) }
        deadlines.add(deadline, rendezvous, false)
        wakeEvictor()
        // Room that came before this call was on the list told nobody.
        if hasRoom { rendezvous.finish(true) }
        let hasRoom = await withTaskCancellationHandler {
            await rendezvous.value()
        } onCancel: {
            rendezvous.finish(false)
        }
        if !hasRoom {
            try Task.checkCancellation()
            throw GrainError(
                .overloaded,
                "The silo holds \(limit) activations, its limit, and all of them are busy. Raise the activation limit "
                    + "or add silos.")
        }
    }

    /// Lets everybody in: when nothing can be evicted, the limit yields.
    func yieldAll() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for rendezvous in waiting { rendezvous.finish(true) }
    }

    private func wakeEvictor() {
        wish.withLock { $0 }?.finish(())
    }

    /// Waits until there are too many activations.
    func exceeded() async {
        let rendezvous = Rendezvous<Void>()
        wish.withLock { $0 = rendezvous }
        if excess > 0 { rendezvous.finish(()) }
        await rendezvous.value()
    }

    /// Ends a wait for too many activations.
    func stop() {
        wakeEvictor()
        yieldAll()
    }
}
