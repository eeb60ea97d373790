internal import Synchronization

/// What the states of a silo's grains share: the store, fresh etags, deadlines and the silo's tasks.
public final class StateServices: Sendable {
    package let random: any RandomSource
    package let clock: CoarseClock
    package let deadlines = Deadlines()
    package let tasks: SiloTasks
    package let waitTicks: UInt32
    private let store = Mutex<OpenStore?>(nil)
    private let directory = Mutex<WeakRuntime>(WeakRuntime())

    private struct OpenStore {
        var store: any DirectStateStore
        /// `nil` where the store is measured elsewhere.
        var meter: (any StateMeter)?
    }

    private struct WeakRuntime {
        weak var runtime: (any GrainRuntime)?
    }

    package init(random: any RandomSource, clock: CoarseClock, tasks: SiloTasks, waitTicks: UInt32) {
        self.random = random
        self.clock = clock
        self.tasks = tasks
        self.waitTicks = waitTicks
    }

    /// Sets the store once the silo has joined its cluster.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - meter: Measures a store that answers without a task; others are measured elsewhere.
    ///   - runtime: The silo.
    package func use(_ store: any StateStore, meter: any StateMeter, runtime: any GrainRuntime) {
        let opened =
            (store as? any DirectStateStore).map { OpenStore(store: $0, meter: meter) }
            ?? OpenStore(store: TaskedStateStore(store: store, tasks: tasks))
        self.store.withLock { $0 = opened }
        directory.withLock { $0.runtime = runtime }
    }

    /// Lets nothing reach the store any more, and ends all waits: the silo has stopped.
    package func close() {
        store.withLock { $0 = nil }
        deadlines.expire(now: .max)
    }

    /// Waits for a while.
    ///
    /// - Parameter ticks: How long, on the coarse clock.
    func pause(_ ticks: UInt32) async {
        guard store.withLock({ $0 != nil }) else { return }
        let pause = Rendezvous<Void>()
        deadlines.add(clock.now &+ ticks, pause, ())
        await pause.value()
    }

    /// The silo, so that decoded references find it.
    var runtime: (any GrainRuntime)? { directory.withLock { $0.runtime } }

    private func openStore() throws -> OpenStore {
        guard let store = store.withLock({ $0 }) else {
            throw GrainError(.siloUnavailable, "The silo has not started: call run() or start() first.")
        }
        return store
    }

    /// Whether the store needs no task per request.
    package var isDirect: Bool { store.withLock { $0?.meter != nil } }

    /// Loads in the name of the silo, so that no caller's cancellation cuts it; the caller waits until the deadline.
    package func load(_ request: StateLoad) async throws -> LoadedStates {
        let operation = load(request) { AwaitedLoad(request.grain, $0) }
        return try await operation.rendezvous.value().get()
    }

    /// Loads in the name of the silo.
    ///
    /// - Parameters:
    ///   - request: What to load.
    ///   - operation: Makes what gets the result, at the latest when the time of a call is over.
    /// - Returns: What was made.
    @discardableResult
    package func load<Operation: LoadOperation>(
        _ request: StateLoad, _ operation: (StoreUse) -> Operation
    ) -> Operation {
        let made: Operation
        do {
            let opened = try openStore()
            made = operation(StoreUse(opened.meter, tasks))
            opened.store.load(request, for: made)
        } catch {
            made = operation(StoreUse(nil, tasks))
            made.loaded(.failure(error))
        }
        if !made.isFinished { deadlines.add(clock.now &+ waitTicks, made) }
        return made
    }

    /// Saves in the name of the silo, which goes on when the caller's time is over.
    func save(_ request: StateSave) throws -> SaveOperation {
        let opened = try openStore()
        let operation = SaveOperation(StoreUse(opened.meter, tasks))
        opened.store.save(request, for: operation)
        if !operation.isFinished { deadlines.add(clock.now &+ waitTicks, operation) }
        return operation
    }
}
