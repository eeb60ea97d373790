/// How much one session may hold.
struct SessionLimits: Hashable, Sendable {
    /// The most bytes of one message.
    var largestMessage: Int
    /// The most bytes queued or not yet acknowledged before a call is refused; everything else may take twice that.
    var queuedBytes: Int
}
