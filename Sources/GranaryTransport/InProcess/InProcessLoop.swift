internal import DequeModule
internal import GranaryCore
internal import Synchronization

/// Runs pieces of work one after the other, in tasks that the network was told how to start.
final class InProcessLoop: Sendable {
    fileprivate struct State {
        var queue = Deque<@Sendable () -> Void>()
        var isRunning = false
        var isPaused = false
    }

    private let spawn: InProcessNetwork.Spawn
    private let time: any TimeSource
    private let state = Mutex(State())

    init(spawn: @escaping InProcessNetwork.Spawn, time: any TimeSource) {
        self.spawn = spawn
        self.time = time
    }

    func execute(_ work: @escaping @Sendable () -> Void) {
        let starts = state.withLock { state in
            state.queue.append(work)
            return state.startsRunning()
        }
        if starts { spawn { self.drain() } }
    }

    func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
        let deadline = time.now + delay
        spawn {
            do { try await self.time.sleep(until: deadline) } catch { return }
            self.execute(work)
        }
    }

    /// Stands still, as a stopped process does, or goes on.
    func pause(_ isPaused: Bool) {
        let starts = state.withLock { state in
            state.isPaused = isPaused
            return state.startsRunning()
        }
        if starts { spawn { self.drain() } }
    }

    private func drain() {
        while let work = state.withLock({ $0.next() }) { work() }
    }
}

extension InProcessLoop.State {
    fileprivate mutating func startsRunning() -> Bool {
        guard !isRunning, !isPaused, !queue.isEmpty else { return false }
        isRunning = true
        return true
    }

    fileprivate mutating func next() -> (@Sendable () -> Void)? {
        guard !isPaused, let work = queue.popFirst() else {
            isRunning = false
            return nil
        }
        return work
    }
}
