import GranaryCore
import Synchronization

/// What other threads hand to the thread that drives the connections.
final class Inbox<Message: Sendable>: Sendable {
    private struct State {
        var messages: [Message] = []
        var isAsleep = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let pipe: WakePipe

    /// Opens an inbox.
    ///
    /// - Throws: ``StorageError`` when the process has no descriptors left.
    init() throws(StorageError) { pipe = try WakePipe() }

    /// The descriptor that becomes readable when the owner sleeps and a message comes.
    var descriptor: Int32 { pipe.readEnd }

    /// Hands a message over.
    ///
    /// - Parameter message: The message.
    /// - Returns: `false` when the owner is gone and will never see it.
    func send(_ message: Message) -> Bool {
        let (isOpen, mustWake) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.messages.append(message)
            defer { state.isAsleep = false }
            return (true, state.isAsleep)
        }
        if mustWake { pipe.wake() }
        return isOpen
    }

    /// Takes all messages; for the owner alone.
    ///
    /// - Parameter messages: An empty array, whose memory is used again.
    func take(into messages: inout [Message]) {
        state.withLock { swap(&$0.messages, &messages) }
    }

    /// Says that the owner is about to sleep; for the owner alone.
    ///
    /// - Returns: `false` when there are messages, so that it must not.
    func fallAsleep() -> Bool {
        state.withLock { state in
            state.isAsleep = state.messages.isEmpty
            return state.isAsleep
        }
    }

    /// Says that the owner is awake; for the owner alone.
    ///
    /// - Parameter wasWoken: Whether ``descriptor`` became readable.
    func wakeUp(wasWoken: Bool) {
        state.withLock { $0.isAsleep = false }
        if wasWoken { pipe.drain() }
    }

    /// Takes no more messages; for the owner alone.
    ///
    /// - Returns: Those that came last.
    func close() -> [Message] {
        state.withLock { state in
            state.isClosed = true
            defer { state.messages = [] }
            return state.messages
        }
    }
}
