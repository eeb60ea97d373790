/// One call of a load, as the caller saw it.
public struct CallRecord: Hashable, Sendable {
    /// What came of a call.
    public enum Outcome: UInt8, Sendable {
        /// An addition was acknowledged.
        case added
        /// A call that changes nothing was answered.
        case answered
        /// An error; whether the call took effect is not known.
        case failed
    }

    /// The number of the grain.
    public var key: Int32
    /// What came of it.
    public var outcome: Outcome
    /// The number that was added.
    public var number: Int64
    /// When the call began, in nanoseconds of the machine's clock, which all processes share.
    public var began: Int64
    /// When it ended.
    public var ended: Int64

    /// Makes a record.
    public init(key: Int32, outcome: Outcome, number: Int64, began: Int64, ended: Int64) {
        self.key = key
        self.outcome = outcome
        self.number = number
        self.began = began
        self.ended = ended
    }

    /// How long the call took.
    public var length: Duration { .nanoseconds(ended - began) }
}
