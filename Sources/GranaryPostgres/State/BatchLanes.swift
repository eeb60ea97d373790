/// When the next batch may leave while others are under way.
///
/// A batch costs the server a commit and a start of its own, so few large batches serve more rows than many small ones:
/// what comes while one batch is under way waits for it. A further lane opens only when that takes long, or when enough
/// waits to fill a batch of its own.
struct BatchLanes {
    /// How many rows make a further batch worth its cost.
    static let crowd = 64
    /// How long what waits is held back for the sake of larger batches.
    static let hesitation = Duration.milliseconds(5)

    /// The most batches under way at once.
    let limit: Int
    /// How many batches are under way.
    private(set) var underWay = 0
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
        underWay == 0 || isFree && (waiting >= Self.crowd || lastSent + Self.hesitation <= now)
    }

    /// When a lane opens for what waits, unless a batch is answered before.
    var opening: Duration? { isFree ? lastSent + Self.hesitation : nil }

    /// A batch left.
    mutating func sent(at now: Duration) {
        underWay += 1
        lastSent = now
    }

    /// A batch has come to its end.
    mutating func ended() { underWay -= 1 }
}
