/// What a silo did with its activations when it stopped.
public struct DrainReport: Sendable, Hashable {
    /// How many activations ended in order.
    public var ended = 0
    /// How many write-behind states the last flushes saved.
    public var saved = 0
    /// How many activations could not save what they still had; the log names them.
    public var unsaved = 0
    /// How many activations still ran a turn when the time was over, or had a `deactivate(_:)` that did not end in its.
    public var abandoned = 0
    /// How long it took.
    public var duration: Duration = .zero

    /// An empty report.
    public init() {}
}

extension DrainReport: CustomStringConvertible {
    /// One line for a log.
    public var description: String {
        "ended=\(ended) saved=\(saved) unsaved=\(unsaved) abandoned=\(abandoned) duration=\(duration)"
    }
}
