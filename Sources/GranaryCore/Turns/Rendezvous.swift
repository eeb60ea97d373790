internal import Synchronization

/// A place where one task waits for a value that somebody else brings, at most once.
///
/// Whoever finishes first wins: the value, the deadline or the cancellation.
///
/// Sendable though the compiler cannot see it of a class with heirs: its one property is a lock, and those of its heir,
/// ``TurnWaiter``, are constants and atomics.
package class Rendezvous<Value: Sendable>: @unchecked Sendable {
    private enum State {
        case empty
        case waiting(UnsafeContinuation<Value, Never>)
        case finished(Value)
        case taken
    }

    private let state = Mutex<State>(.empty)

    package init() {}

    /// Brings the value.
    ///
    /// - Returns: Whether it was the first one.
    @discardableResult
    package final func finish(_ value: Value) -> Bool {
        let (continuation, isFirst): (UnsafeContinuation<Value, Never>?, Bool) = state.withLock { state in
            switch state {
            case .empty:
                state = .finished(value)
                return (nil, true)
            case .waiting(let continuation):
                state = .taken
                return (continuation, true)
            case .finished, .taken:
                return (nil, false)
            }
        }
        continuation?.resume(returning: value)
        return isFirst
    }

    /// Whether a value was brought.
    package final var isFinished: Bool {
        state.withLock { state in
            switch state {
            case .finished, .taken: true
            case .empty, .waiting: false
            }
        }
    }

    /// Waits for the value; to be called once.
    package final func value() async -> Value {
        // Resumed exactly once: `finish` takes the continuation out of the state before it resumes it.
        await withUnsafeContinuation { continuation in
            let early: Value? = state.withLock { state in
                switch state {
                case .finished(let value):
                    state = .taken
                    return value
                case .empty, .waiting, .taken:
                    state = .waiting(continuation)
                    return nil
                }
            }
            if let early { continuation.resume(returning: early) }
        }
    }
}
