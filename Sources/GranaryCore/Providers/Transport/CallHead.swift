/// Everything of a call but its arguments.
package struct CallHead: Hashable, Sendable {
    /// The call's number, unique among the calls of the process that sends it.
    package var id: UInt64
    /// The grain.
    package var grain: GrainID
    /// The method's wire name.
    package var method: String
    /// How many arguments there are.
    package var argumentCount: Int
    /// When the call expires: a reading of the clock of the process that holds this value; `nil` for never.
    package var deadline: Duration?
    /// The number of the view that the call was routed by.
    package var view: Int64
    /// The number of the route that the caller's silo sends this grain's calls by; it grows with each new one.
    ///
    /// What follows a call that was turned away on the same route is turned away, too (rule C5). 0 asks for no order.
    package var route: UInt64
    /// What the call says of itself.
    package var options: CallOptions
    /// The running turns that the call came through, the first caller first.
    package var chain: [CallChainLink]
    /// The trace context, as the tracer injected it.
    package var trace: [TraceField]

    /// Makes a head.
    package init(
        id: UInt64, grain: GrainID, method: String, argumentCount: Int = 0, deadline: Duration? = nil, view: Int64 = 0,
        route: UInt64 = 0, options: CallOptions = [], chain: [CallChainLink] = [], trace: [TraceField] = []
    ) {
        self.id = id
        self.grain = grain
        self.method = method
        self.argumentCount = argumentCount
        self.deadline = deadline
        self.view = view
        self.route = route
        self.options = options
        self.chain = chain
        self.trace = trace
    }
}
