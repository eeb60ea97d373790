import Synchronization

/// Which silos of a test hear each other, and which of them reach the database.
final class NetworkRules: Sendable {
    private struct Link: Hashable {
        var from: String
        var to: String
    }

    private struct State {
        var names: [Int32: String] = [:]
        var cuts: Set<Link> = []
        var strays: Set<String> = []
    }

    private let state = Mutex(State())

    /// Says which silo a number means.
    func name(_ number: Int32, _ name: String) { state.withLock { $0.names[number] = name } }

    /// The name of a silo that a number means; `nil` before it is known.
    func name(of number: Int32) -> String? { state.withLock { $0.names[number] } }

    /// Nothing passes between silos of different sides.
    func split(_ sides: [String]...) {
        for (index, side) in sides.enumerated() {
            for others in sides[(index + 1)...] {
                for one in side { for other in others { cut(one, other) } }
            }
        }
    }

    /// Nothing passes between two silos.
    func cut(_ one: String, _ other: String) {
        cutOneWay(from: one, to: other)
        cutOneWay(from: other, to: one)
    }

    /// Nothing passes from one silo to another one.
    func cutOneWay(from one: String, to other: String) {
        state.withLock { _ = $0.cuts.insert(Link(from: one, to: other)) }
    }

    /// A silo does not reach the database.
    func cutDatabase(of names: String...) { state.withLock { $0.strays.formUnion(names) } }

    /// Everything passes again.
    func heal() {
        state.withLock { state in
            state.cuts = []
            state.strays = []
        }
    }

    func passes(from one: String, to other: String) -> Bool {
        state.withLock { !$0.cuts.contains(Link(from: one, to: other)) }
    }

    func reachesDatabase(_ name: String) -> Bool { state.withLock { !$0.strays.contains(name) } }
}
