internal import GranaryCluster
internal import GranaryCore
internal import Synchronization

// How a silo that was declared dead ends: its gates are closed, then the others are told so, then it exits.
extension ClusterDriver {
    /// A save was refused because the silo was declared dead.
    func saveRefused() { membership { $0.saveRefused(now: $1) } }

    /// The others were told that this silo serves no more, or could not be told.
    func proofIsOver() {
        let watchers = state.withLock { state in
            state.isProving = false
            defer { state.proofWatchers = [] }
            return state.proofWatchers
        }
        for watcher in watchers { watcher.finish(()) }
    }

    /// Waits while the others are being told that this silo serves no more: without it they wait for its lease.
    ///
    /// - Parameter limit: The longest to wait. A database that does not answer holds up nobody's exit.
    func tellsItsEnd(within limit: Duration) async {
        let watcher: Rendezvous<Void>? = state.withLock { state in
            guard state.isProving else { return nil }
            let watcher = Rendezvous<Void>()
            state.proofWatchers.append(watcher)
            return watcher
        }
        guard let watcher else { return }
        // Awaited below. No child of this task: one that was cancelled waits all the same.
        let alarm = Task { [time] in
            try? await time.sleep(for: limit)
            watcher.finish(())
        }
        await watcher.value()
        alarm.cancel()
        await alarm.value
    }
}
