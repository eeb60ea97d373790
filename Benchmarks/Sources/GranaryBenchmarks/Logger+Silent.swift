import Logging

extension Logger {
    /// Says nothing: a benchmark prints figures only.
    static var silent: Logger { Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() } }
}
