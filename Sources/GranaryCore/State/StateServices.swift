internal import Synchronization

/// What the states of a silo's grains share: the store, fresh etags, deadlines and the silo's tasks.
public final class StateServices: Sendable {
    package let random: any RandomSource
    package let clock: CoarseClock
    package let deadlines = Deadlines()
    package let tasks: SiloTasks
    package let waitTicks: UInt32
    private let store = Mutex(Stores())
    private let directory = Mutex<WeakRuntime>(WeakRuntime())

    private struct Stores {
        var store: (any StateStore)?
        /// The same store, where it needs no task per request.
        var direct: (any DirectStateStore)?
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
    package func use(_ store: any StateStore, runtime: any GrainRuntime) {
        let direct = store as? any DirectStateStore
        self.store.withLock { $0 = Stores(store: store, direct: direct) }
        directory.withLock { $0.runtime = runtime }
    }

    /// Lets nothing reach the store any more, and ends all waits: the silo has stopped.
    package func close() {
        store.withLock { $0 = Stores() }
        deadlines.expire(now: .max)
    }

    /// Waits for a while.
    ///
    /// - Parameter ticks: How long, on the coarse clock.
    func pause(_ ticks: UInt32) async {
        guard store.withLock({ $0.store != nil }) else { return }
        let pause = Rendezvous<Void>()
        deadlines.add(clock.now &+ ticks, pause, ())
        await pause.value()
    }

    /// The silo, so that decoded references find it.
    var runtime: (any GrainRuntime)? { directory.withLock { $0.runtime } }

    private func openStore() throws -> (store: any StateStore, direct: (any DirectStateStore)?) {
        let stores = store.withLock { $0 }
        guard let store = stores.store else {
            throw GrainError(.siloUnavailable, "The silo has not started: call run() or start() first.")
        }
        return (store, stores.direct)
    }

    /// Loads in the name of the silo, so that no caller's cancellation cuts it; the caller waits until the deadline.
    package func load(_ request: StateLoad) async throws -> [StateRecord] {
        let (store, direct) = try openStore()
        let rendezvous = Rendezvous<Result<[StateRecord], any Error>>()
        if let direct {
            tasks.began()
            direct.load(request) { [tasks] result in
                rendezvous.finish(result)
                tasks.ended()
            }
        } else {
            tasks.start {
                do { rendezvous.finish(.success(try await store.load(request))) } catch {
                    rendezvous.finish(.failure(error))
                }
            }
        }
        let late = GrainError(
            .timeout, "Loading the states of \(request.grain) took longer than a call may.", grain: request.grain)
        deadlines.add(clock.now &+ waitTicks, rendezvous, .failure(late))
        return try await rendezvous.value().get()
    }

    /// Saves in the name of the silo, which goes on when the caller's time is over.
    func save(_ request: StateSave) throws -> SaveOperation {
        let (store, direct) = try openStore()
        let operation = SaveOperation()
        if let direct {
            tasks.began()
            direct.save(request) { [tasks] result in
                operation.finish(result)
                tasks.ended()
            }
        } else {
            tasks.start {
                do { operation.finish(.success(try await store.save(request))) } catch {
                    operation.finish(.failure(error))
                }
            }
        }
        deadlines.add(clock.now &+ waitTicks, operation)
        return operation
    }
}
