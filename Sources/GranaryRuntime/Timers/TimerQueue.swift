package import GranaryCore
internal import HeapModule
internal import Logging
internal import Synchronization

/// The timers of a silo's grains, the next one first.
package final class TimerQueue: Sendable {
    private struct Entry: Comparable, Sendable {
        var due: Duration
        var number: UInt64
        var timer: GrainTimer

        static func == (left: Entry, right: Entry) -> Bool { left.number == right.number }
        static func < (left: Entry, right: Entry) -> Bool { (left.due, left.number) < (right.due, right.number) }
    }

    private struct State {
        var heap = Heap<Entry>()
        var next: UInt64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    func add(_ timer: GrainTimer, at due: Duration) {
        state.withLock { state in
            state.next += 1
            state.heap.insert(Entry(due: due, number: state.next, timer: timer))
        }
    }

    /// Whether a timer waits for its time.
    package var hasEntries: Bool { state.withLock { !$0.heap.isEmpty } }

    /// The timers that are due.
    func take(now: Duration) -> [GrainTimer] {
        state.withLock { state in
            var due: [GrainTimer] = []
            while let first = state.heap.min, first.due <= now {
                state.heap.removeMin()
                due.append(first.timer)
            }
            return due
        }
    }
}

extension SiloRuntime {
    package func _startTimer<G: Grain>(
        _ grain: G, after delay: Duration, every period: Duration?, keepsActive: Bool,
        _ body: @escaping @Sendable (isolated G) async throws -> Void
    ) -> any ActivationTimerHandle {
        let host = grain.context.host
        let timer = GrainTimer(queue: timers, time: time, period: period) { [weak grain, _logger] in
            guard let grain else { return }
            do {
                try await grain._timerTurn(host, keepsActive: keepsActive, body)
            } catch {
                if grain.context.isGone { return }
                _logger.warning(
                    "a timer's tick threw; the timer goes on",
                    metadata: ["grain": "\(grain.context.id)", "error": "\(error)"])
            }
        }
        timers.add(timer, at: time.now + delay)
        return timer
    }
}
