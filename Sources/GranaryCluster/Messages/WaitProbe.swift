/// Asks whether what a call waits for leads back to the grain that the asker's call waits at (protocol C7).
package struct WaitProbe: Hashable, Sendable, Codable {
    /// The silo that asks.
    package var silo: Int32
    /// The type of the grain that its call waits at.
    package var type: String
    /// That grain's key.
    package var key: String
    /// The way so far, from what holds that grain on.
    package var steps: [WaitStep]
    /// How many messages may come of this one.
    package var budget: Int

    /// How many messages may come of one wait.
    private static let firstBudget = 64
    /// How long the way may get.
    private static let longestWay = 128

    /// Begins to ask.
    ///
    /// - Parameters:
    ///   - silo: The silo that asks.
    ///   - type: The type of the grain that its call waits at.
    ///   - key: That grain's key.
    package init(silo: Int32, type: String, key: String) {
        self.silo = silo
        self.type = type
        self.key = key
        steps = []
        budget = Self.firstBudget
    }

    /// Whether the way came by a place before: that circle is its own members' matter.
    ///
    /// - Parameters:
    ///   - silo: The silo.
    ///   - number: The number of a call that waits at a gate there.
    /// - Returns: Whether it is a step of the way.
    package func hasPassed(_ silo: Int32, _ number: UInt64) -> Bool {
        steps.contains { step in
            if case .gate(silo, number, _, _, _) = step { return true }
            return false
        }
    }

    /// Whether a call that waits at a grain closes the circle.
    package func isHome(_ silo: Int32, type: String, key: String) -> Bool {
        silo == self.silo && type == self.type && key == self.key
    }

    /// The same question, further on.
    ///
    /// - Parameters:
    ///   - further: The steps from the last one to a call in another silo.
    ///   - ways: How many ways go on from here.
    /// - Returns: The question for that silo; `nil` when it has gone far enough.
    package func going(_ further: [WaitStep], oneOf ways: Int) -> WaitProbe? {
        var next = self
        next.steps += further
        next.budget = (budget - 1) / max(ways, 1)
        return next.budget < 1 || next.steps.count > Self.longestWay ? nil : next
    }
}
