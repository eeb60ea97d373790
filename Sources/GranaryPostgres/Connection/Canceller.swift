import CLibPQ
import GranaryCore
import Synchronization

/// Sends cancel requests from a thread of its own: libpq's call connects and waits.
///
/// Requests are sent one after the other. While the server does not take them, those beyond the first few are dropped:
/// a cancel request is a courtesy, and the statement it is for is resolved without it.
final class Canceller: Sendable {
    /// libpq's note of whom to cancel.
    ///
    /// It is `@unchecked Sendable`: it is handed over once, and libpq's manual calls `PQcancel` safe from any thread.
    private final class Request: @unchecked Sendable {
        let raw: OpaquePointer

        init(owning raw: OpaquePointer) { self.raw = raw }

        deinit { PQfreeCancel(raw) }
    }

    private struct State {
        var requests: [Request] = []
        var isRunning = false
    }

    private static let longestQueue = 32
    private let state = Mutex(State())

    /// Asks the server to give up what a connection runs.
    ///
    /// - Parameter connection: The connection; it may be closed at once.
    func cancel(_ connection: ServerConnection) {
        guard let raw = PQgetCancel(connection.raw) else { return }
        let request = Request(owning: raw)
        let mustStart = state.withLock { state in
            guard state.requests.count < Self.longestQueue else { return false }
            state.requests.append(request)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard mustStart, !NativeThread.start(named: "granary-pg-cncl", { [self] in run() }) else { return }
        state.withLock { $0 = State() }
    }

    private func run() {
        while let request = next() {
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
                _ = PQcancel(request.raw, message.baseAddress, 256)
            }
        }
    }

    private func next() -> Request? {
        state.withLock { state in
            if state.requests.isEmpty {
                state.isRunning = false
                return nil
            }
            return state.requests.removeFirst()
        }
    }
}
