internal import Synchronization

/// One load on its way, with what its result is for.
///
/// An object for the load, its time and its result together: closures would be as many objects.
package protocol LoadOperation: Expirable, LoadReceiver {
    /// The grain whose states are loaded.
    var grain: GrainID { get }
    /// What the store's answer ends.
    var use: StoreUse { get }
    /// Says that the load is over; true the first time.
    func end() -> Bool
    /// Takes the result, which comes once; must not block.
    func ended(_ result: Result<LoadedStates, any Error>)
}

extension LoadOperation {
    /// Hands the result on; the first one counts.
    private func finish(_ result: Result<LoadedStates, any Error>) { if end() { ended(result) } }

    package func loaded(_ result: Result<LoadedStates, any Error>) {
        use.meter?.loaded(result, since: use.began)
        finish(result)
        use.end()
    }

    package func expire() {
        let error = GrainError(.timeout, "Loading the states of \(grain) took longer than a call may.", grain: grain)
        finish(.failure(error))
    }
}

/// A load that a task waits for.
final class AwaitedLoad: LoadOperation {
    let grain: GrainID
    let use: StoreUse
    let rendezvous = Rendezvous<Result<LoadedStates, any Error>>()
    private let isOver = Atomic<Bool>(false)

    init(_ grain: GrainID, _ use: StoreUse) {
        self.grain = grain
        self.use = use
    }

    var isFinished: Bool { isOver.load(ordering: .acquiring) }

    func end() -> Bool { !isOver.exchange(true, ordering: .acquiringAndReleasing) }

    func ended(_ result: Result<LoadedStates, any Error>) { rendezvous.finish(result) }
}
