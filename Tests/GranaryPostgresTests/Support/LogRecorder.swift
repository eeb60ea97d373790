import GranaryTesting
import Logging

/// Keeps the messages that are logged, and lets a test wait for one.
struct LogRecorder: LogHandler {
    let messages = EventRecorder<String>()
    /// What was logged beside the messages.
    let details = EventRecorder<String>()
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.debug

    /// A logger that writes here.
    var logger: Logger { Logger(label: "test") { _ in self } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        details.record("\(event.metadata ?? [:])")
        messages.record("\(event.message)")
    }
}
