/// Asks whether what a call waits for leads back to the activation that the asker's call waits at (protocol C7).
package struct WaitProbe: Hashable, Sendable, Codable {
    /// The silo that asks.
    package var silo: Int32
    /// The asker's number of the activation that its call waits at; only that silo knows what it means.
    package var activation: UInt64
    /// The way so far, from what holds that activation on.
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
    ///   - activation: Its number of the activation that its call waits at.
    package init(silo: Int32, activation: UInt64) {
        self.silo = silo
        self.activation = activation
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

    /// Whether a call that waits at an activation closes the circle.
    package func isHome(_ silo: Int32, activation: UInt64) -> Bool {
        silo == self.silo && activation == self.activation
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
