import Granary
import GranaryTesting
import Synchronization

/// What the grains of one cluster tell about their lives: who is active where, and whether anybody was twice.
final class Book: Sendable {
    private struct State {
        var numbers: [String: Int] = [:]
        var live: [String: [String]] = [:]
        var doubles: [String] = []
        var latches: [String: Latch] = [:]
        var flags: [String: Flag] = [:]
        var onDeactivate: @Sendable (String) async -> Void = { _ in }
    }

    private let state = Mutex(State())
    let events = EventRecorder<String>()

    /// An activation begins.
    ///
    /// - Returns: How many its key has had with this one.
    func begin(_ key: String, on silo: String) -> Int {
        state.withLock { state in
            state.numbers[key, default: 0] += 1
            let others = state.live[key] ?? []
            if !others.isEmpty { state.doubles.append("\(key) on \(silo) beside \(others)") }
            state.live[key] = others + [silo]
            return state.numbers[key, default: 0]
        }
    }

    /// An activation ends.
    func end(_ key: String, on silo: String) {
        state.withLock { state in
            if let index = state.live[key]?.firstIndex(of: silo) { state.live[key]?.remove(at: index) }
        }
    }

    /// A silo is gone, and so is all that was active on it.
    func forget(_ silo: String) {
        state.withLock { state in
            for key in state.live.keys { state.live[key]?.removeAll { $0 == silo } }
        }
    }

    /// The activations that began while their grain had another one.
    var doubles: [String] { state.withLock(\.doubles) }

    /// How many activations a key has had.
    func activations(of key: String) -> Int { state.withLock { $0.numbers[key] ?? 0 } }

    /// Where a key is active.
    func place(of key: String) -> String? { state.withLock { $0.live[key]?.first } }

    /// How many grains are active on a silo.
    func count(on silo: String) -> Int { state.withLock { $0.live.values.count { $0.contains(silo) } } }

    /// The latch of a name, made on first use.
    func latch(_ name: String) -> Latch { state.withLock { Self.find(name, in: &$0.latches, orMake: Latch()) } }

    /// The flag of a name, made on first use.
    func flag(_ name: String) -> Flag { state.withLock { Self.find(name, in: &$0.flags, orMake: Flag()) } }

    private static func find<Thing>(
        _ name: String, in things: inout [String: Thing], orMake make: @autoclosure () -> Thing
    ) -> Thing {
        if let thing = things[name] { return thing }
        let thing = make()
        things[name] = thing
        return thing
    }

    /// Lets a run end even when its test failed half-way.
    func openAll() {
        let (latches, flags) = state.withLock { (Array($0.latches.values), Array($0.flags.values)) }
        for latch in latches { latch.open() }
        for flag in flags { flag.set() }
    }

    /// Says what grains do when they are deactivated.
    func onDeactivate(_ hook: @escaping @Sendable (String) async -> Void) { state.withLock { $0.onDeactivate = hook } }

    var deactivateHook: @Sendable (String) async -> Void { state.withLock(\.onDeactivate) }
}
