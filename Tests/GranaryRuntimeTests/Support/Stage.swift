import GranaryTesting
import Synchronization

/// What the grains of one test share: what they shall do, what they did, and latches to hold them.
final class Stage: Sendable {
    typealias Action = @Sendable (isolated Probe) async throws -> String
    typealias SyncAction = @Sendable (isolated Probe) throws -> String

    private struct State {
        var actions: [String: Action] = [:]
        var syncActions: [String: SyncAction] = [:]
        var latches: [String: Latch] = [:]
        var numbers: [String: Int] = [:]
        var make: @Sendable (String) throws -> Void = { _ in }
        var activate: @Sendable (isolated Probe) async throws -> Void = { _ in }
        var deactivate: @Sendable (isolated Probe, String) async -> Void = { _, _ in }
    }

    private let state = Mutex(State())
    let events = EventRecorder<String>()

    /// Says what `run` and `read` do when they are asked for a name.
    func on(_ name: String, _ action: @escaping Action) { state.withLock { $0.actions[name] = action } }

    /// Says what `runNow` and `peek` do when they are asked for a name.
    func onNow(_ name: String, _ action: @escaping SyncAction) { state.withLock { $0.syncActions[name] = action } }

    func onMake(_ make: @escaping @Sendable (String) throws -> Void) { state.withLock { $0.make = make } }

    func onActivate(_ hook: @escaping @Sendable (isolated Probe) async throws -> Void) {
        state.withLock { $0.activate = hook }
    }

    func onDeactivate(_ hook: @escaping @Sendable (isolated Probe, String) async -> Void) {
        state.withLock { $0.deactivate = hook }
    }

    var makeHook: @Sendable (String) throws -> Void { state.withLock(\.make) }
    var activateHook: @Sendable (isolated Probe) async throws -> Void { state.withLock(\.activate) }
    var deactivateHook: @Sendable (isolated Probe, String) async -> Void { state.withLock(\.deactivate) }

    func action(_ name: String) throws -> Action {
        guard let action = state.withLock({ $0.actions[name] }) else { throw UnknownAction(name: name) }
        return action
    }

    func syncAction(_ name: String) throws -> SyncAction {
        guard let action = state.withLock({ $0.syncActions[name] }) else { throw UnknownAction(name: name) }
        return action
    }

    /// The latch of a name, made on first use.
    func latch(_ name: String) -> Latch {
        state.withLock { state in
            if let latch = state.latches[name] { return latch }
            let latch = Latch()
            state.latches[name] = latch
            return latch
        }
    }

    /// How many activations a key has had, the new one included.
    func nextNumber(_ key: String) -> Int {
        state.withLock { state in
            state.numbers[key, default: 0] += 1
            return state.numbers[key, default: 0]
        }
    }

    /// Lets a run end even when its test failed half-way.
    func openAll() {
        let latches = state.withLock { Array($0.latches.values) }
        for latch in latches { latch.open() }
    }
}

struct UnknownAction: Error { var name: String }
