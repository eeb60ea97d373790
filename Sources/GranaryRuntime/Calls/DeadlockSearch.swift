internal import GranaryCluster
internal import GranaryCore

/// Looks for circles of calls that wait for each other, among the calls that waited at one moment.
///
/// A grain's gate is held by turns; the chain of calls that such a turn belongs to may itself wait at another gate, here or
/// in another silo. The search follows "held by a chain that waits at …" from grain to grain, asking each grain once,
/// whatever the number of calls that wait at it.
struct DeadlockSearch: Sendable {
    private let waits: WaitRegistry
    private let waitersByChain: [TaskIdentity: [TurnWaiter]]
    private let callsByChain: [TaskIdentity: [AwaitedCall]]

    init(_ waiters: [TurnWaiter], _ calls: [AwaitedCall], in waits: WaitRegistry) {
        self.waits = waits
        waitersByChain = Dictionary(grouping: waiters) { waits.root(of: $0.task) }
        callsByChain = Dictionary(grouping: calls) { waits.root(of: $0.task) }
    }

    /// A way from where the search began: calls that wait at gates, each held by the chain of the next one.
    typealias Way = [TurnWaiter]

    /// What a search found.
    struct Findings {
        /// A way that leads back to where it began.
        var circle: Way?
        /// Ways that lead to other silos.
        var exits: [(way: Way, call: AwaitedCall)] = []
    }

    /// Ends the youngest call of a circle that leads through a grain, if there is one in this silo.
    ///
    /// - Returns: The ways that lead to other silos, where there is none.
    func follow(from start: any Grain) async -> [(way: Way, call: AwaitedCall)] {
        let chains = await start._holders().map { waits.root(of: $0) }
        let findings = await follow(chains) { $0.grain === start }
        guard let circle = findings.circle else { return findings.exits }
        end(circle, from: start)
        return []
    }

    /// Follows what chains wait for.
    ///
    /// - Parameters:
    ///   - chains: The chains.
    ///   - isHome: Whether a call that waits closes the circle that is looked for.
    /// - Returns: The circle, or the ways that lead to other silos.
    func follow(_ chains: [TaskIdentity], isHome: (TurnWaiter) -> Bool) async -> Findings {
        var findings = Findings()
        var cameBy: [ObjectIdentifier: Step] = [:]
        var open: [any Grain] = []
        func home(_ chain: TaskIdentity, from grain: (any Grain)?) -> Bool {
            // The chain may have let go of what it waited for at the moment that this search knows.
            for next in waitersByChain[chain] ?? [] where !next.isFinished && waits.root(of: next.task) == chain {
                if isHome(next) {
                    findings.circle = way(to: grain, cameBy) + [next]
                    return true
                }
                let place = ObjectIdentifier(next.grain)
                if cameBy[place] == nil {
                    cameBy[place] = Step(waiter: next, from: grain)
                    open.append(next.grain)
                }
            }
            for call in callsByChain[chain] ?? [] where call.isAwaited && waits.root(of: call.task) == chain {
                findings.exits.append((way(to: grain, cameBy), call))
            }
            return false
        }
        for chain in chains where home(chain, from: nil) { return findings }
        while let grain = open.popLast() {
            for holder in await grain._holders() where home(waits.root(of: holder), from: grain) { return findings }
        }
        return findings
    }

    /// A call that waits at one grain, and whose chain holds another one.
    private struct Step {
        var waiter: TurnWaiter
        var from: (any Grain)?
    }

    private func way(to end: (any Grain)?, _ cameBy: [ObjectIdentifier: Step]) -> Way {
        var way: Way = []
        var place = end
        while let grain = place, let step = cameBy[ObjectIdentifier(grain)] {
            way.append(step.waiter)
            place = step.from
        }
        return way.reversed()
    }

    /// A chain that waits does nothing else, so what it held at any moment of its wait it holds until the wait is over:
    /// if all of them still wait now, the circle is closed.
    private func end(_ circle: Way, from start: any Grain) {
        guard circle.allSatisfy({ !$0.isFinished }), let youngest = circle.max(by: { $0.number < $1.number }) else {
            return
        }
        youngest.finish(.deadlock([start._id] + circle.map { $0.grain._id }))
    }
}
