/// A circle of calls that were found waiting for each other, on its way to be broken.
///
/// It visits each silo that knows a part of it, and is dropped by one whose part is over: what was seen on two rounds was so
/// all the time between them, so at the end of the first round all of it was so at once. Whoever finds a circle sends it
/// to the same silo first, which lets one through; so one call fails, however many found it at the same time.
package struct WaitCircle: Hashable, Sendable, Codable {
    /// A call that waits at a gate.
    package struct Gate: Hashable, Sendable, Codable {
        /// The silo.
        package var silo: Int32
        /// The silo's number of the wait.
        package var number: UInt64

        /// Names a call that waits.
        package init(silo: Int32, number: UInt64) {
            self.silo = silo
            self.number = number
        }
    }

    /// All steps, each a reason for the one before it.
    package var steps: [WaitStep]
    /// The wait whose silo lets the circle through once.
    package var referee: Gate
    /// The wait to end: the one that had lasted the shortest.
    package var victim: Gate
    /// The silos that still have to be visited, the next one first.
    package var visits: [Int32]
    /// Whether the referee's silo has not let it through yet.
    package var isFirstVisit = true

    /// Makes a circle of the way of a probe that came home.
    ///
    /// - Parameter steps: The way.
    package init?(_ steps: [WaitStep]) {
        var gates: [(gate: Gate, age: Int64)] = []
        for case .gate(let silo, let number, _, _, let age) in steps {
            gates.append((Gate(silo: silo, number: number), age))
        }
        let youngest = gates.min { one, other in (one.age, other.gate) < (other.age, one.gate) }
        guard let youngest, let referee = gates.map(\.gate).max() else { return nil }
        self.steps = steps
        self.referee = referee
        victim = youngest.gate
        let others = Set(steps.map(\.silo)).subtracting([referee.silo, victim.silo]).sorted()
        visits = [referee.silo] + others + (others.isEmpty && referee.silo == victim.silo ? [] : [victim.silo])
    }

    /// The grains that wait for each other, from the one at which the victim waits to itself.
    package var path: [(type: String, key: String)] {
        var names: [(type: String, key: String)] = []
        var first = 0
        for case .gate(let silo, let number, let type, let key, _) in steps {
            if victim == Gate(silo: silo, number: number) { first = names.count }
            names.append((type, key))
        }
        // The turn that holds a gate waits at the next one; the last one's waits at the first.
        return Array(names[first...] + names[..<first] + names[first...].prefix(1))
    }

    /// The steps that a silo can tell of.
    package func steps(of silo: Int32) -> [WaitStep] { steps.filter { $0.silo == silo } }
}

extension WaitCircle.Gate: Comparable {
    package static func < (one: Self, other: Self) -> Bool {
        (one.silo, one.number) < (other.silo, other.number)
    }
}
