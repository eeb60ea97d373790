internal import GranaryCore

/// Looks for circles of calls that wait for each other, among the calls that waited at one moment.
///
/// A grain's gate is held by turns; the chain of calls that such a turn belongs to may itself wait at another gate. The
/// search follows "held by a chain that waits at …" from grain to grain, asking each grain once, whatever the number of
/// calls that wait at it.
struct DeadlockSearch: Sendable {
    private let waits: WaitRegistry
    private let waitersByChain: [TaskIdentity: [TurnWaiter]]

    init(_ waiters: [TurnWaiter], in waits: WaitRegistry) {
        self.waits = waits
        waitersByChain = Dictionary(grouping: waiters, by: \.chain)
    }

    /// Ends the youngest call of a circle that leads through a grain, if there is one.
    func follow(from start: any Grain) async {
        var cameBy: [ObjectIdentifier: Step] = [:]
        var open: [any Grain] = [start]
        while let grain = open.popLast() {
            for holder in await grain._holders() {
                for next in waitersByChain[waits.root(of: holder)] ?? [] where !next.isFinished {
                    if next.grain === start {
                        let path = path(to: grain, from: start, cameBy)
                        end(path + [next], from: start)
                        return
                    }
                    let place = ObjectIdentifier(next.grain)
                    if cameBy[place] == nil {
                        cameBy[place] = Step(waiter: next, from: grain)
                        open.append(next.grain)
                    }
                }
            }
        }
    }

    /// A call that waits at one grain, and whose chain holds another one.
    private struct Step {
        var waiter: TurnWaiter
        var from: any Grain
    }

    private func path(to end: any Grain, from start: any Grain, _ cameBy: [ObjectIdentifier: Step]) -> [TurnWaiter] {
        var path: [TurnWaiter] = []
        var grain = end
        while grain !== start, let step = cameBy[ObjectIdentifier(grain)] {
            path.append(step.waiter)
            grain = step.from
        }
        return path.reversed()
    }

    /// A chain that waits does nothing else, so what it held at any moment of its wait it holds until the wait is over:
    /// if all of them still wait now, the circle is closed.
    private func end(_ circle: [TurnWaiter], from start: any Grain) {
        guard circle.allSatisfy({ !$0.isFinished }), let youngest = circle.max(by: { $0.number < $1.number }) else {
            return
        }
        youngest.rendezvous.finish(.deadlock([start._id] + circle.map { $0.grain._id }))
    }
}
