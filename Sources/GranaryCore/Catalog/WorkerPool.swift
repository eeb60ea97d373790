internal import Synchronization

/// The activations of a grain type that keeps nothing: several for each key.
///
/// A call takes an idle one, the oldest first, so that the younger ones fall idle and leave; else a new one is made, up to
/// the limit; else it waits at the one with the fewest calls.
package final class WorkerPool<G: Grain>: Sendable {
    /// What a caller has to do.
    package enum Choice: Sendable {
        /// Call this one; the call is counted until ``WorkerPool/release(_:)``.
        case worker(G)
        /// Make one more, for which a place is kept, and then say how that ended.
        case make
        /// Ask again once this is over: there is none yet, and as many are being made as there may be.
        case wait(Rendezvous<MakingEnd>)
    }

    private struct Worker {
        let grain: G
        /// How many calls run there or wait there.
        var calls: Int
        /// Whether it is on its way out, and takes calls only to hold them until it is gone.
        var isEnding = false
    }

    private struct Crew {
        var workers: [Worker] = []
        var making = 0
        var waiting: [Rendezvous<MakingEnd>] = []

        func index(of grain: G) -> Int? { workers.firstIndex { $0.grain === grain } }

        mutating func take(_ index: Int) -> Choice {
            workers[index].calls += 1
            return .worker(workers[index].grain)
        }

        /// Ends the making of one, and hands back those who waited for it.
        mutating func endMaking() -> [Rendezvous<MakingEnd>] {
            making -= 1
            defer { waiting = [] }
            return waiting
        }
    }

    private let limit: Int
    private let crews = Mutex<[TableKey<G.Key>: Crew]>([:])

    init(limit: Int) { self.limit = limit }

    /// Finds the best activation for a call.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - mayGrow: Whether one more may be made where others serve already.
    /// - Returns: What the caller has to do.
    package func choose(_ key: TableKey<G.Key>, mayGrow: Bool) -> Choice {
        crews.withLock { crews in
            Self.choose(&crews[key, default: Crew()], limit: limit, mayGrow: mayGrow)
        }
    }

    private static func choose(_ crew: inout Crew, limit: Int, mayGrow: Bool) -> Choice {
        var best: Int?
        var ending: Int?
        for (index, worker) in crew.workers.enumerated() {
            if worker.isEnding {
                ending = ending ?? index
            } else if worker.calls == 0 {
                return crew.take(index)
            } else if best.map({ worker.calls < crew.workers[$0].calls }) ?? true {
                best = index
            }
        }
        if crew.workers.count + crew.making < limit, mayGrow || best == nil {
            crew.making += 1
            return .make
        }
        if let best { return crew.take(best) }
        // One that ends is the last resort: its gate holds the call until it is gone, and then there is room for another.
        if crew.making == 0, let ending { return crew.take(ending) }
        let rendezvous = Rendezvous<MakingEnd>()
        crew.waiting.append(rendezvous)
        return .wait(rendezvous)
    }

    /// Files the activation that a caller was told to make; that caller's call is its first.
    package func publish(_ grain: G, for key: TableKey<G.Key>) {
        let waiting = crews.withLock { crews in
            crews[key, default: Crew()].workers.append(Worker(grain: grain, calls: 1))
            return crews[key]?.endMaking() ?? []
        }
        for rendezvous in waiting { rendezvous.finish(.made) }
    }

    /// Says that the activation that a caller was told to make could not be made.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - end: What those are told who wait for it: why, or to try for themselves.
    package func giveUp(_ key: TableKey<G.Key>, _ end: MakingEnd) {
        let waiting = change(key) { $0.endMaking() } ?? []
        for rendezvous in waiting { rendezvous.finish(end) }
    }

    /// Ends a call that was counted.
    package func release(_ grain: G) {
        change(key(of: grain)) { crew in
            if let index = crew.index(of: grain) { crew.workers[index].calls -= 1 }
        }
    }

    /// Notes that an activation is on its way out.
    package func noteEnding(_ grain: G) {
        change(key(of: grain)) { crew in
            if let index = crew.index(of: grain) { crew.workers[index].isEnding = true }
        }
    }

    /// Takes an activation out, if it is there.
    package func remove(_ grain: G, for key: TableKey<G.Key>) -> Bool {
        change(key) { crew in
            guard let index = crew.index(of: grain) else { return false }
            crew.workers.remove(at: index)
            return true
        } ?? false
    }

    /// The activations of one key at this moment.
    package func workers(of key: TableKey<G.Key>) -> [G] { crews.withLock { $0[key]?.workers.map(\.grain) ?? [] } }

    /// The activations of one of so many parts of the keys at this moment.
    package func all(part: Int, of parts: Int) -> [G] {
        crews.withLock { crews in
            crews.flatMap { key, crew in Int(key.hash) % parts == part ? crew.workers.map(\.grain) : [] }
        }
    }

    private func key(of grain: G) -> TableKey<G.Key> { TableKey(grain.context.key, hash: grain.context.hash) }

    /// Changes what there is for a key, if there is anything, and forgets it once there is nothing.
    @discardableResult
    private func change<Result>(_ key: TableKey<G.Key>, _ body: (inout Crew) -> Result) -> Result?
    where Result: Sendable {
        crews.withLock { crews in
            guard let index = crews.index(forKey: key) else { return nil }
            let result = body(&crews.values[index])
            if crews.values[index].workers.isEmpty, crews.values[index].making == 0 { crews.remove(at: index) }
            return result
        }
    }
}
