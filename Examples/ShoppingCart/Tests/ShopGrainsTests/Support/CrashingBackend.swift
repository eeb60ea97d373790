import Granary
import Synchronization

/// A backend that goes away at a chosen save, as a database does for a process that is killed there.
///
/// What the silo tries afterwards reaches nothing: dropping such a silo and starting another on the same store is what
/// a crash and a restart look like to the grains.
final class CrashingBackend: SiloBackend {
    /// On which side of the chosen save the crash comes.
    enum Side: String, CaseIterable, Sendable {
        /// The save is not written.
        case before
        /// It is written, and its writer never learns so.
        case after
    }

    private struct State {
        var saves = 0
        var crashAt: Int?
        var side = Side.before
        var isDown = false
    }

    private let inner: any SiloBackend
    private let state = Mutex(State())

    init(_ inner: any SiloBackend) { self.inner = inner }

    /// How many saves there were since ``arm(at:_:)``.
    var saves: Int { state.withLock(\.saves) }

    /// Whether the crash has come.
    var isDown: Bool { state.withLock(\.isDown) }

    /// Chooses a save, counted from now; `nil` only counts.
    func arm(at save: Int?, _ side: Side = .before) {
        state.withLock { $0 = State(saves: 0, crashAt: save, side: side, isDown: false) }
    }

    func connect(_ context: BackendContext) async throws -> any BackendConnection {
        Connection(inner: try await inner.connect(context), backend: self)
    }

    private struct Connection: BackendConnection {
        let inner: any BackendConnection
        let backend: CrashingBackend
        var membership: any MembershipStore { inner.membership }
        var isDurable: Bool { inner.isDurable }
        func stateStore(writingAs silo: Int32) -> any StateStore {
            Store(inner: inner.stateStore(writingAs: silo), backend: backend)
        }
        func close() async { await inner.close() }
    }

    private struct Store: StateStore {
        let inner: any StateStore
        let backend: CrashingBackend

        func load(_ request: StateLoad) async throws -> [StateRecord] {
            if backend.isDown { throw StorageError(.unavailable, "crashed") }
            return try await inner.load(request)
        }

        func save(_ request: StateSave) async throws -> StateSaveOutcome {
            let crash = backend.state.withLock { state -> Side? in
                if state.isDown { return .before }
                state.saves += 1
                guard state.saves == state.crashAt else { return nil }
                if state.side == .before { state.isDown = true }
                return state.side
            }
            if crash == .before { throw StorageError(.unavailable, "crashed") }
            guard crash == .after else { return try await inner.save(request) }
            // Down whatever became of the save: its writer never learns.
            defer { backend.state.withLock { $0.isDown = true } }
            _ = try await inner.save(request)
            throw StorageError(.outcomeUnknown, "crashed")
        }
    }
}
