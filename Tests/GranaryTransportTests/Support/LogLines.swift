import Logging
import Synchronization

/// Keeps what is logged, and lets a test wait for it.
final class LogLines: Sendable {
    private struct Handler: LogHandler {
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace
        let lines: LogLines

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.add("\(event.level) \(event.message) \(event.metadata ?? [:])\n")
        }
    }

    private struct State {
        var text = ""
        var watchers: [(condition: @Sendable (String) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    /// A logger that writes here.
    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    /// Everything so far.
    var all: String { state.withLock(\.text) }

    /// Waits until the text satisfies a condition.
    func wait(until condition: @escaping @Sendable (String) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isSatisfied = state.withLock { state in
                if condition(state.text) { return true }
                state.watchers.append((condition, continuation))
                return false
            }
            if isSatisfied { continuation.resume() }
        }
    }

    private func add(_ line: String) {
        let satisfied = state.withLock { state in
            state.text += line
            let text = state.text
            let satisfied = state.watchers.filter { $0.condition(text) }
            state.watchers.removeAll { $0.condition(text) }
            return satisfied
        }
        for watcher in satisfied { watcher.continuation.resume() }
    }
}
