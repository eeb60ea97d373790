internal import Synchronization

/// Stands between one silo of a test and its backend: while it is closed nothing that the silo asks for arrives there, as
/// when its process is stopped or dead.
///
/// What had passed before may still take effect, as a statement does that a server has begun to run.
final class SiloGate: Sendable {
    private struct State {
        var isClosed = false
        var isKilled = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func close() { state.withLock { $0.isClosed = true } }

    /// Closes the gate because the silo's process counts as dead from now on.
    func kill() {
        state.withLock { state in
            state.isClosed = true
            state.isKilled = true
        }
    }

    /// Whether the silo's process counts as dead, even if the gate was opened to let it end.
    var isKilled: Bool { state.withLock(\.isKilled) }

    func open() {
        let waiting = state.withLock { state in
            state.isClosed = false
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Waits until the gate is open.
    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if state.isClosed { state.waiting.append(continuation) }
                return !state.isClosed
            }
            if isOpen { continuation.resume() }
        }
    }
}
