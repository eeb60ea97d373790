import Logging
import Synchronization
import Testing

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

    private struct Watcher {
        var id: Int
        var condition: @Sendable (String) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var text = ""
        var watchers: [Watcher] = []
        var lastWatcher = 0
    }

    private let state = Mutex(State())

    /// A logger that writes here.
    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    /// Everything so far.
    var all: String { state.withLock(\.text) }

    /// Waits until the text satisfies a condition; when the time limit of the test is over, tells what there was instead.
    func wait(until condition: @escaping @Sendable (String) -> Bool) async {
        let id = state.withLock { state in
            state.lastWatcher += 1
            return state.lastWatcher
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isSatisfied = state.withLock { state in
                    if Task.isCancelled || condition(state.text) { return true }
                    state.watchers.append(Watcher(id: id, condition: condition, continuation: continuation))
                    return false
                }
                if isSatisfied { continuation.resume() }
            }
        } onCancel: {
            let watcher = state.withLock { state in
                state.watchers.firstIndex { $0.id == id }.map { state.watchers.remove(at: $0) }
            }
            watcher?.continuation.resume()
        }
        if Task.isCancelled, !condition(all) { Issue.record("waited in vain; the log is \(all.suffix(3_000))") }
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
