import GranaryTesting
import Logging

/// Keeps what a silo logs as lines of text, and lets a test wait for one.
struct LogRecorder {
    let lines = EventRecorder<String>()

    var logger: Logger {
        Logger(label: "test") { [lines] _ in Handler(lines: lines) }
    }

    /// The first line so far that contains a text.
    func line(with text: String) -> String? { lines.all.first { $0.contains(text) } }

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
