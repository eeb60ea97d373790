internal import Synchronization

/// Writes down what happens, in order, and lets a test wait for it: no test has to sleep and hope.
///
/// ```swift
/// let events = EventRecorder<String>()
/// // in the grain: events.record("activated")
/// await events.wait { $0.contains("activated") }
/// ```
public final class EventRecorder<Event: Sendable>: Sendable {
    private struct Watcher {
        var condition: @Sendable ([Event]) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var events: [Event] = []
        var watchers: [Watcher] = []
    }

    private let state = Mutex(State())

    /// Makes an empty recorder.
    public init() {}

    /// Everything so far, the oldest first.
    public var all: [Event] { state.withLock(\.events) }

    /// Adds an event.
    ///
    /// - Parameter event: What happened.
    public func record(_ event: Event) {
        let satisfied = state.withLock { state in
            state.events.append(event)
            let events = state.events
            let satisfied = state.watchers.filter { $0.condition(events) }
            if !satisfied.isEmpty { state.watchers.removeAll { $0.condition(events) } }
            return satisfied
        }
        for watcher in satisfied { watcher.continuation.resume() }
    }

    /// Waits until the events satisfy a condition; a test's time limit ends a wait in vain.
    ///
    /// - Parameter condition: Looks at everything so far; asked again after each event, so it must not change its mind
    ///   between two looks at the same events.
    public func wait(until condition: @escaping @Sendable ([Event]) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isSatisfied = state.withLock { state in
                if condition(state.events) { return true }
                state.watchers.append(Watcher(condition: condition, continuation: continuation))
                return false
            }
            if isSatisfied { continuation.resume() }
        }
    }

    /// Waits until there are so many events.
    ///
    /// - Parameter count: How many.
    public func wait(forCount count: Int) async {
        await wait { $0.count >= count }
    }
}

extension EventRecorder where Event: Equatable {
    /// Waits until an event was recorded so many times.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - times: How many times; once unless said otherwise.
    public func wait(for event: Event, times: Int = 1) async {
        await wait { events in events.reduce(0) { $1 == event ? $0 + 1 : $0 } >= times }
    }
}
