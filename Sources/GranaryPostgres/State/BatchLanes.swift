/// When the next batch may leave while others are under way.
///
/// A batch costs the server a commit and a start of its own, so few large batches serve more rows than many small ones:
/// what comes while one batch is under way waits for it. A further lane opens when as much waits as is under way, so
/// that the lanes share the work evenly whatever its amount, or when the answers take long.
struct BatchLanes {
    /// How long what waits is held back for the sake of larger batches.
    static let hesitation = Duration.milliseconds(5)

    /// The most batches under way at once.
    let limit: Int
    /// How many batches are under way.
    private(set) var underWay = 0
    /// How many requests travel in them.
    private var requests = 0
    private var lastSent = Duration.zero

    /// Makes the lanes, all of them free.
    ///
    /// - Parameter limit: The most batches under way at once, at least 1.
    init(limit: Int) { self.limit = limit }

    /// Whether another batch fits at all.
    var isFree: Bool { underWay < limit }

    /// Whether a batch of what waits may leave now.
    ///
    /// - Parameters:
    ///   - waiting: How many requests wait.
    ///   - now: The time.
    /// - Returns: Whether it may.
    func isOpen(waiting: Int, at now: Duration) -> Bool {
        underWay == 0 || isFree && (waiting >= requests || lastSent + Self.hesitation <= now)
    }

    /// When a lane opens for what waits, unless more comes or a batch is answered before.
    var opening: Duration? { isFree ? lastSent + Self.hesitation : nil }

    /// How many further requests a lane is waiting for, of which whoever brings requests need not tell before.
    ///
    /// - Parameters:
    ///   - waiting: How many requests wait.
    ///   - now: The time.
    /// - Returns: How many, and until when it waits for so many; 1 when the next one may leave.
    func patience(waiting: Int, at now: Duration) -> (requests: Int, until: Duration?) {
        guard isFree else { return (.max, nil) }
        let opening = lastSent + Self.hesitation
        return underWay == 0 || opening <= now ? (1, nil) : (max(1, requests - waiting), opening)
    }

    /// A batch of so many requests left.
    mutating func sent(_ count: Int, at now: Duration) {
        underWay += 1
        requests += count
        lastSent = now
    }

    /// A batch of so many requests has come to its end.
    mutating func ended(_ count: Int) {
        underWay -= 1
        requests -= count
    }
}
