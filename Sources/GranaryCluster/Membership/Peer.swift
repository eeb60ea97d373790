/// What the failure detector knows of another live member.
struct Peer: Sendable {
    /// Answers count from here: when the member was met, or answered last.
    var answered: Duration
    /// When the last probe was sent that it answered in time: unlike `answered`, never later than the answer was given,
    /// however long the answer lay unread here.
    var lastAnswer: Duration?
    /// When another member said last that it answered.
    var answeredIndirectly: Duration
    var nextProbe: Duration
    var outstanding: [(sequence: UInt64, sent: Duration)] = []
    var missedSince: Duration?
    var report: ProbeReport?
    /// When the report came.
    var reported: Duration = .zero
    /// Since when its reports tell of a young lease.
    var freshSince: Duration?
    var crash: CrashSuspicion?
    /// Reads of its lease, while it is under suspicion.
    var watch: RenewalWatch?
    /// Since when it is out of reach of all that this member reaches.
    var unreachableSince: Duration?
    /// Why and from when on it may be declared dead.
    var verdict: (reason: String, from: Duration)?
    /// Who asked for a probe of it, and who for a dial.
    var probeAskers: [Int32] = []
    var opinionAskers: [Int32] = []

    init(met now: Duration) {
        answered = now
        answeredIndirectly = now
        nextProbe = now
    }

    /// Begins to probe it, as if it had been met now: before, nobody waited for an answer.
    mutating func beginWatch(_ now: Duration) {
        answered = max(answered, now)
        answeredIndirectly = max(answeredIndirectly, now)
        nextProbe = now
        endWatch()
    }

    /// Ceases to probe it, and forgets what missing answers meant.
    mutating func endWatch() {
        outstanding = []
        missedSince = nil
        unreachableSince = nil
        watch = nil
        if crash == nil { verdict = nil }
    }

    var hasAnswered: Bool { lastAnswer != nil }
    var heard: Duration { max(answered, answeredIndirectly) }
    var isSuspected: Bool { crash != nil || missedSince != nil || verdict != nil }
}
