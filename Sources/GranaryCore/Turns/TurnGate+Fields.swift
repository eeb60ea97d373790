// Every look at a field changes the gate, as the compiler sees it: then it works on the gate where it lies. To read a property
// of a noncopyable type through a protocol, as code for any grain does, it copies the whole value into allocated memory first.
extension TurnGate {
    /// What the gate is doing.
    @inlinable var status: Status {
        mutating get { fields.status }
        set { fields.status = newValue }
    }

    /// Whether the end of a turn has more to do than to set the gate free.
    @inlinable var attention: Bool {
        mutating get { fields.attention }
        set { fields.attention = newValue }
    }

    /// How many turns began; the collector adds them up for metrics.
    @inlinable var turns: UInt32 {
        mutating get { fields.turns }
        set { fields.turns = newValue }
    }

    /// When the last turn began, in ticks of the coarse clock.
    @inlinable var lastUsed: UInt32 {
        mutating get { fields.lastUsed }
        set { fields.lastUsed = newValue }
    }

    /// The grain's states; `nil` for a grain without any.
    @inlinable var states: StateSet? {
        mutating get { fields.states }
        set { fields.states = newValue }
    }

    /// What only contended, closing and failing activations need.
    @inlinable var queue: TurnQueue? {
        mutating get { fields.queue }
        set { fields.queue = newValue }
    }

    /// The turn that runs now (the first of several read-only ones).
    @inlinable var running: RunningTurn {
        mutating get {
            RunningTurn(task: fields.task, caller: fields.caller, method: fields.method, began: fields.began)
        }
        set {
            fields.task = newValue.task
            fields.caller = newValue.caller
            fields.method = newValue.method
            fields.began = newValue.began
        }
    }
}
