internal import GranaryCluster
internal import GranaryCore
internal import Synchronization

// A silo that is told to stop while it still starts.
extension Silo {
    /// Lets a start that is under way end soon: the silo leaves before it has joined.
    func interruptStart() {
        let cluster = life.withLock { life in
            life.isStopping = true
            return life.isStarting ? life.cluster : nil
        }
        cluster?.leave()
    }

    /// The start has ended, well or badly.
    func startEnded() {
        let watchers = life.withLock { life in
            life.isStarting = false
            defer { life.startWatchers = [] }
            return life.startWatchers
        }
        for watcher in watchers { watcher.finish(()) }
    }

    /// Waits until no start is under way.
    func startIsOver() async {
        let watcher: Rendezvous<Void>? = life.withLock { life in
            guard life.isStarting else { return nil }
            let watcher = Rendezvous<Void>()
            life.startWatchers.append(watcher)
            return watcher
        }
        await watcher?.value()
    }

    static var stoppedEarly: GrainError {
        GrainError(.siloUnavailable, "The silo was told to stop before it had started.")
    }
}
