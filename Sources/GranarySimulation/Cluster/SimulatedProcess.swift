internal import GranaryCluster

/// One run of a silo's process.
final class SimulatedProcess {
    let number: Int
    let slot: Int
    let name: String
    let offset: Int64
    let rate: Double
    var membership: MembershipMachine
    var ownership: OwnershipMachine?
    var silo: Int32?
    var isAlive = true
    var frozenUntil: Int64?
    var stalled: [SimulationEvent] = []
    var hasTick = false
    /// When its gates close although it has ended, where a flaw leaves them open.
    var gatesClose: Int64?
    /// When it was last within reach of a majority, as nobody but the simulation can know.
    var lastMajority: Int64 = .min / 2
    var snapshotView: Int64 = 0
    var snapshot: OwnershipSnapshot?
    var catalog: [Int: SimulatedActivation] = [:]
    var parkedCalls: [Int: [Int]] = [:]
    var parkedSince: [Int: Int64] = [:]
    /// Calls whose frames name a view that is not installed yet.
    var early: [(call: Int, route: Int, view: Int64)] = []
    /// For each caller and grain the newest route on which a call was turned away: later ones on it are too.
    var turnedAway: [RouteKey: Int] = [:]
    var routes: [Int: SimulatedRoute] = [:]
    var sequences: [Int: Int] = [:]
    /// Calls in states that were handed over unsaved, until the next owner answers.
    var unsettled: [Int: [UInt32]] = [:]

    /// What goes with the next statement that saves.
    var outbox: [SimulatedSaveRow] = []
    /// Activations let go of while a turn ran, by their numbers (O8).
    var sealed: [Int: SimulatedActivation] = [:]

    struct RouteKey: Hashable {
        var caller: Int
        var grain: Int
    }

    init(number: Int, slot: Int, offset: Int64, rate: Double, membership: MembershipMachine) {
        self.number = number
        self.slot = slot
        self.name = "silo-\(slot)"
        self.offset = offset
        self.rate = rate
        self.membership = membership
    }

    /// The process's own clock.
    func clock(_ now: Int64) -> Duration {
        .microseconds(offset + Int64(Double(now) * rate))
    }
}

/// An activation in a process's catalog.
struct SimulatedActivation {
    enum Phase {
        case loading
        case serving
    }

    var number: Int
    var phase: Phase = .loading
    var isClosing = false
    var queue: [Int] = []
    var running: Int?
    var state = SimulatedState()
    var etag: UInt64?
    var save: SimulatedSave?
    /// Calls whose effect is in `state`, but not in the database (write-behind).
    var unsaved: [UInt32] = []
}

/// The way from a caller's silo to one grain (protocol C5).
struct SimulatedRoute {
    var target: Int
    var number = 0
    /// Where the outstanding calls went, also while no further call may go there.
    var sentTo = -1
    /// Calls sent and not answered, in order.
    var outstanding: [Int] = []
    /// Calls not sent, in order.
    var waiting: [Int] = []
    /// No call is sent before this view is installed.
    var leastView: Int64 = 0
    /// Whether it will be looked at again.
    var isScheduled = false
}

/// One call and what became of it.
struct SimulatedCall {
    var grain: Int
    var caller: Int
    var sequence: Int
    var isWrite: Bool
    /// Its effect is saved later, together with others.
    var isBehind = false
    var deadline: Int64
    /// When its change was made, if that is saved later.
    var changed: Int64 = 0
    var starts = 0
    /// The number of the route on which it was sent last.
    var route = 0
    var isEnded = false
    /// Ended without an answer: nothing is promised of its order any more.
    var hasFailed = false
}
