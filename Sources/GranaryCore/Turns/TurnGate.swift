/// The gate that lets one turn at a time run on an activation: part of the grain's own state.
///
/// `@Grain` adds it to the actor. Only code isolated to the grain touches it, so it needs no lock and no atomic: a second
/// caller can look at it only while the first one is suspended. A synchronous method on an idle grain leaves it as it is.
public struct TurnGate: ~Copyable {
    /// What the gate is doing.
    @usableFromInline
    package enum Status: UInt8, Sendable {
        /// Open, and no turn runs.
        case free
        /// A turn runs that may write.
        case exclusive
        /// Read-only turns run.
        case shared
        /// The states are being loaded, or `activate()` runs.
        case loading
        /// The last save and `deactivate(_:)` run.
        case closing
        /// The activation is over; callers look the grain up again.
        case gone
    }

    /// The fields, seen only through what ``TurnGate`` says of them.
    @usableFromInline
    struct Fields {
        @usableFromInline var status: Status = .loading
        @usableFromInline var attention: Bool = false
        @usableFromInline var turns: UInt32 = 0
        @usableFromInline var lastUsed: UInt32 = 0
        // A turn's fields one by one: as a value of its own it would leave four bytes unused, and every activation pays.
        @usableFromInline var began: UInt32 = 0
        @usableFromInline var task: TaskIdentity = .none
        @usableFromInline var caller: UInt = 0
        @usableFromInline var method: UInt = 0
        @usableFromInline var states: StateSet?
        @usableFromInline var queue: TurnQueue?

        init() {}
    }

    @usableFromInline var fields = Fields()

    /// A gate that is closed until the activation is ready.
    public init() {}
}

// One access of the grain's property each.
extension TurnGate {
    /// Lets a turn in that cannot be suspended, if nobody is in; the gate stays free.
    @inlinable
    mutating func pass(at tick: UInt32) -> Bool {
        guard status == .free else { return false }
        lastUsed = tick
        turns &+= 1
        return true
    }

    /// Lets a read-only turn in that cannot be suspended, if nobody is in who writes or waits.
    @inlinable
    mutating func passReading(at tick: UInt32) -> Bool {
        guard status == .free || status == .shared, !attention else { return false }
        lastUsed = tick
        turns &+= 1
        return true
    }

    /// Lets a turn in if nobody is in.
    @inlinable
    mutating func enter() -> Bool {
        guard status == .free else { return false }
        status = .exclusive
        return true
    }

    @inlinable
    mutating func begin(_ turn: RunningTurn) {
        running = turn
        lastUsed = turn.began
        turns &+= 1
    }

    /// Ends a turn that leaves nothing to settle before the next one may begin; says whether it was such a turn.
    ///
    /// Its task is forgotten, since the address may be another task's tomorrow. A turn with something to settle is still in.
    @inlinable
    mutating func leave() -> Bool {
        if attention || isTouched {
            status = .exclusive
            return false
        }
        fields.task = .none
        status = .free
        return true
    }

    /// Whether the turn that runs wrote.
    @inlinable var isTouched: Bool {
        mutating get {
            guard let states else { return false }
            return states.isTouched
        }
    }
}
