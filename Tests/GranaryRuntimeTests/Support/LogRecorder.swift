import GranaryTesting
import Logging

/// Keeps what a silo logs as lines of text, and lets a test wait for one.
struct LogRecorder {
    let lines = EventRecorder<String>()

    var logger: Logger {
        Logger(label: "test") { [lines] _ in Handler(lines: lines) }
    }

    private struct Handler: LogHandler {
        let lines: EventRecorder<String>
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let pairs = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            lines.record("\(event.level): \(event.message) \(pairs.joined(separator: " "))")
        }
    }
}
