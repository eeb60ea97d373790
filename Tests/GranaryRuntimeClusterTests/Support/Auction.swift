import Granary

/// A grain that tells observers what happens.
@Grain("auction") actor Auction {
    private var watchers = ObserverSet<Int>()

    func subscribe(_ watcher: GrainObserver<Int>) -> Bool { watchers.insert(watcher) }
    func unsubscribe(_ watcher: GrainObserver<Int>) -> Bool { watchers.remove(watcher) }

    /// Tells the watchers; answers how many there are, as far as known.
    func bid(_ cents: Int) throws -> Int {
        try watchers.notify(cents)
        return watchers.count
    }
}
