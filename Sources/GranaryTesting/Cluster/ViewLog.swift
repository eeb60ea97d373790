internal import GranaryCore
internal import Synchronization

/// The views that the silos of a test have committed, as events to wait for.
final class ViewLog: Sendable {
    private struct State {
        var newest: Int64 = 0
        var dead: Set<Int32> = []
        var watchers: [Int32: [Rendezvous<Bool>]] = [:]
    }

    private let state = Mutex(State())

    /// The number of the newest view.
    var newest: Int64 { state.withLock(\.newest) }

    /// A silo committed a view.
    ///
    /// - Parameters:
    ///   - view: The view's number.
    ///   - dead: Who is dead in it and was not before.
    func committed(_ view: Int64, dead: [Int32] = []) {
        let watchers = state.withLock { state in
            state.newest = max(state.newest, view)
            state.dead.formUnion(dead)
            return dead.flatMap { state.watchers.removeValue(forKey: $0) ?? [] }
        }
        for watcher in watchers { watcher.finish(true) }
    }

    /// Whether a silo was declared dead.
    func isDead(_ silo: Int32) -> Bool { state.withLock { $0.dead.contains(silo) } }

    /// Nobody will record the deaths of these silos.
    func giveUp(_ silos: [Int32]) {
        let watchers = state.withLock { state in silos.flatMap { state.watchers.removeValue(forKey: $0) ?? [] } }
        for watcher in watchers { watcher.finish(false) }
    }

    /// Waits until a silo was declared dead.
    ///
    /// - Returns: Whether it was; `false` when nobody is left to do it.
    func death(of silo: Int32) async -> Bool {
        let watcher: Rendezvous<Bool>? = state.withLock { state in
            if state.dead.contains(silo) { return nil }
            let watcher = Rendezvous<Bool>()
            state.watchers[silo, default: []].append(watcher)
            return watcher
        }
        return await watcher?.value() ?? true
    }
}
