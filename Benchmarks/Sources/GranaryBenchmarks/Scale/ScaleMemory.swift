/// What the process that measures memory tells the one that started it, as JSON.
struct ScaleMemory: Codable {
    /// By how much the process has grown.
    var bytes: Double
    /// How many first calls were answered in a second.
    var rate: Double
    /// How long each of them took: a table that grows, and stops all callers for it, shows here.
    var firstCalls: Histogram
}
