internal import Synchronization

/// The calls that wait at gates in one silo: for deadlines, for deadlocks, and for the watchdog.
///
/// Only calls that have to wait come here, and those that continue a chain of calls in a task of their own. A silo's timer
/// looks at them every few ticks.
public final class WaitRegistry: Sendable {
    /// Whose chain of calls a task continues.
    private struct Origin {
        /// The task that waits for this one, while ``wait`` lasts.
        var parent: TaskIdentity
        var wait: (any Finishable)?
        /// What came with the call, where it came from another silo.
        var arrived: ArrivedChain?
    }

    private struct State {
        var waiters: [TurnWaiter] = []
        /// Tasks that run a call on behalf of another task.
        var origins: [TaskIdentity: Origin] = [:]
        /// The tasks of calls from other silos.
        var arrivals: [ArrivedChain.Call: TaskIdentity] = [:]

        func parent(of task: TaskIdentity) -> TaskIdentity? {
            guard let origin = origins[task] else { return nil }
            if let arrived = origin.arrived {
                return arrived.anchor.flatMap { $0.isAwaited ? $0.task : nil }
            }
            // A task whose caller gave it up continues nobody's chain.
            return origin.wait?.isFinished == false ? origin.parent : nil
        }
    }

    /// How many tasks a chain is followed through, in case it leads back to itself.
    private static let longestChain = 256

    private let state = Mutex(State())
    /// The waits that began since the last look: apart, so that nobody who begins to wait waits for whoever looks through
    /// all the others.
    private let fresh = Mutex<[TurnWaiter]>([])
    private let counter = Atomic<UInt64>(0)
    private let hasOrigins = Atomic<Bool>(false)

    package init() {}

    func nextNumber() -> UInt64 { counter.wrappingAdd(1, ordering: .relaxed).newValue }

    func add(_ waiter: TurnWaiter) {
        fresh.withLock { $0.append(waiter) }
    }

    private func takeFresh() -> [TurnWaiter] {
        fresh.withLock { fresh in
            defer { fresh = [] }
            return fresh
        }
    }

    /// The waits that are not over; those that are, are forgotten.
    package func current() -> [TurnWaiter] {
        state.withLock { state in
            state.waiters += takeFresh()
            state.waiters.removeAll { $0.isFinished }
            return state.waiters
        }
    }

    /// The wait of a number, if it is not over.
    package func waiter(_ number: UInt64) -> TurnWaiter? {
        state.withLock { state in
            state.waiters += takeFresh()
            return state.waiters.first { $0.number == number && !$0.isFinished }
        }
    }

    /// The task at the root of a chain of calls, where some of them run in tasks of the silo.
    package func root(of task: TaskIdentity) -> TaskIdentity {
        guard hasOrigins.load(ordering: .acquiring) else { return task }
        return state.withLock { state in
            var task = task
            for _ in 0..<Self.longestChain {
                guard let parent = state.parent(of: task) else { break }
                task = parent
            }
            return task
        }
    }

    /// The chain that a task's calls continue, if it came from another silo.
    package func arrival(of task: TaskIdentity) -> ArrivedChain? {
        guard hasOrigins.load(ordering: .acquiring) else { return nil }
        return state.withLock { state in
            var task = task
            for _ in 0..<Self.longestChain {
                if let arrived = state.origins[task]?.arrived { return arrived }
                guard let parent = state.parent(of: task) else { break }
                task = parent
            }
            return nil
        }
    }

    /// The task that runs a call from another silo, if it continues a chain.
    package func task(of call: ArrivedChain.Call) -> TaskIdentity? { state.withLock { $0.arrivals[call] } }

    /// Runs an operation in the name of another task's chain of calls, for as long as that task waits for it.
    package func runs<R>(
        onBehalfOf parent: TaskIdentity, while wait: any Finishable, _ operation: () async throws -> R
    ) async rethrows -> R {
        let child = TaskIdentity.current
        begin(child, Origin(parent: parent, wait: wait))
        defer { _ = state.withLock { $0.origins.removeValue(forKey: child) } }
        return try await operation()
    }

    /// Runs a call from another silo in the name of the chain that it came with.
    package func runs<R>(continuing chain: ArrivedChain, _ operation: () async throws -> R) async rethrows -> R {
        let child = TaskIdentity.current
        begin(child, Origin(parent: .none, arrived: chain))
        defer {
            state.withLock { state in
                state.origins[child] = nil
                if state.arrivals[chain.call] == child { state.arrivals[chain.call] = nil }
            }
        }
        return try await operation()
    }

    private func begin(_ task: TaskIdentity, _ origin: Origin) {
        state.withLock { state in
            state.origins[task] = origin
            if let arrived = origin.arrived { state.arrivals[arrived.call] = task }
        }
        hasOrigins.store(true, ordering: .releasing)
    }
}
