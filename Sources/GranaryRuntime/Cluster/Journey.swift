internal import GranaryCore

/// A call on its way through the cluster.
struct Journey {
    let call: GrainCall
    let options: CallOptions
    /// The tick at which it gives up.
    let deadline: UInt32
    /// Its place among the calls to its grain.
    let ticket: LaneTicket
    /// Whether it may have a place in the grain's lane that it has to give up in the end.
    var isInLane = false
    /// How often it was sent.
    var attempts = 0
    /// The grain whose turn calls; `nil` for any other caller.
    var caller: (any Grain)?
    /// The silo where a turn of this very chain holds the grain: the call goes there, also while the grain moves (rule C3).
    var home: Int32?
    /// Its encoded arguments, once they were needed.
    var message: ArgumentEncoder?

    init(_ call: GrainCall, _ options: CallOptions, _ deadline: UInt32, _ ticket: LaneTicket) {
        self.call = call
        self.options = options
        self.deadline = deadline
        self.ticket = ticket
    }

    /// Whether it may have run.
    var wasSent: Bool { attempts > 0 && options.contains(.idempotent) }

    /// Its arguments, encoded once.
    mutating func encoded(_ arguments: () throws -> ArgumentEncoder) rethrows -> ArgumentEncoder {
        if let message { return message }
        let made = try arguments()
        message = made
        return made
    }
}
