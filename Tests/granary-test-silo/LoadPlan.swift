import Configuration

/// What a silo of a test calls by itself.
struct LoadPlan {
    /// What is called.
    enum Kind: String {
        /// Journals are read, and written now and then.
        case journals
        /// Parrots get and give back large messages.
        case parrots
    }

    var kind: Kind
    /// The file that gets a record of each call.
    var log: String
    /// How many grains.
    var keys: Int
    /// How many calls are under way at once, at most.
    var callers: Int
    /// How many calls begin in a second.
    var rate: Double
    /// How many calls of a hundred are additions.
    var writes: Int
    /// How many bytes a parrot gets.
    var bytes: Int

    /// Reads `load.log`, without which there is no load, and the other keys below `load`.
    init?(config: ConfigReader) {
        let config = config.scoped(to: "load")
        guard let log = config.string(forKey: "log") else { return nil }
        self.log = log
        kind = Kind(rawValue: config.string(forKey: "kind", default: "")) ?? .journals
        keys = config.int(forKey: "keys", default: 100)
        callers = config.int(forKey: "callers", default: 16)
        rate = config.double(forKey: "rate", default: 500)
        writes = config.int(forKey: "writes", default: 20)
        bytes = config.int(forKey: "bytes", default: 2_000_000)
    }
}
