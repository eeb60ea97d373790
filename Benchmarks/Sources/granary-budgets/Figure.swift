/// What one operation cost.
struct Figure: Sendable {
    /// The operation and the unit, as the file of budgets names them.
    var name: String
    /// How much of it one operation costs, on average.
    var value: Double
}

/// A limit of the file of budgets.
struct Budget: Codable, Sendable {
    /// The operation and the unit.
    var name: String
    /// The most that one operation may cost.
    var limit: Double
    /// By how much a figure may exceed the limit before it counts: what the silo's own clock does meanwhile, and how the
    /// threads happened to meet.
    var tolerance: Double
}
