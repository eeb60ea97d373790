import Logging
import ServiceLifecycle
import ShopGrains
import Synchronization

/// Hands changes of stock to everybody who watches, without ever waiting for one of them.
///
/// Each watcher has a short queue; one who falls behind by more than that is dropped, and a browser then comes back and
/// begins with the current numbers.
final class StockFeed: Service {
    /// What a watcher gets.
    enum Event: Sendable {
        case change(StockLevel)
        /// Shows that the connection still lives.
        case heartbeat
    }

    /// One who watches.
    struct Watcher: Sendable {
        let id: Int
        let events: AsyncStream<Event>
    }

    private struct State {
        var watchers: [Int: Entry] = [:]
        /// The levels that were told last, by product.
        var levels: [String: StockLevel] = [:]
        var lastID = 0
        var isOpen = true
    }

    private struct Entry {
        var events: AsyncStream<Event>.Continuation
        var drop: @Sendable () -> Void
    }

    /// How many events may wait for one watcher.
    static let queue = 64
    private let mostWatchers: Int
    private let heartbeat: Duration
    private let state = Mutex(State())

    init(mostWatchers: Int = 1_000, heartbeat: Duration = .seconds(15)) {
        self.mostWatchers = mostWatchers
        self.heartbeat = heartbeat
    }

    /// How many watch.
    var count: Int { state.withLock(\.watchers.count) }

    /// Whether one more may watch.
    var hasRoom: Bool { state.withLock { $0.isOpen && $0.watchers.count < mostWatchers } }

    /// Adds a watcher.
    ///
    /// - Parameter drop: Ends the connection of a watcher who fell behind; called from anywhere.
    /// - Returns: The watcher, or `nil` when there are too many or the shop closes.
    func watch(onDrop drop: @escaping @Sendable () -> Void) -> Watcher? {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Event.self, bufferingPolicy: .bufferingOldest(Self.queue))
        return state.withLock { state in
            guard state.isOpen, state.watchers.count < mostWatchers else { return nil }
            state.lastID += 1
            state.watchers[state.lastID] = Entry(events: continuation, drop: drop)
            return Watcher(id: state.lastID, events: stream)
        }
    }

    /// Forgets a watcher.
    func leave(_ watcher: Watcher) {
        let entry = state.withLock { $0.watchers.removeValue(forKey: watcher.id) }
        entry?.events.finish()
    }

    /// Tells everybody; a level that is no change only once.
    func publish(_ event: Event) {
        let slow = state.withLock { state in
            var slow: [Entry] = []
            if case .change(let level) = event, state.levels.updateValue(level, forKey: level.product) == level {
                return slow
            }
            for (id, entry) in state.watchers {
                if case .enqueued = entry.events.yield(event) { continue }
                slow.append(entry)
                state.watchers[id] = nil
            }
            return slow
        }
        for entry in slow {
            entry.events.finish()
            entry.drop()
        }
    }

    /// Lets everybody go, and nobody in.
    func close() {
        let watchers = state.withLock { state in
            state.isOpen = false
            defer { state.watchers = [:] }
            return state.watchers.values.map(\.events)
        }
        for watcher in watchers { watcher.finish() }
    }

    /// Sends heartbeats until the shop closes.
    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            while !Task.isCancelled {
                do { try await Task.sleep(for: heartbeat) } catch { return }
                publish(.heartbeat)
            }
        }
        close()
    }
}
