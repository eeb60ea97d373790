import GranaryCore
import Synchronization

/// What other threads hand to the thread that drives the connections.
final class Inbox: Sendable {
    private struct State {
        var messages: [EngineMessage] = []
        var isAsleep = false
        /// What the owner, asleep, is not to be woken for.
        var patience = EnginePatience()
        /// Whether others may take a step while the owner is asleep.
        var isOpenToHelp = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let pipe: WakePipe

    /// Opens an inbox.
    ///
    /// - Throws: ``StorageError`` when the process has no descriptors left.
    init() throws(StorageError) { pipe = try WakePipe() }

    /// The descriptor that becomes readable when the owner sleeps and a message comes for which it wants to be woken.
    var descriptor: Int32 { pipe.readEnd }

    /// Hands a message over.
    ///
    /// - Parameter message: The message.
    /// - Returns: `false` when the owner is gone and will never see it.
    func send(_ message: EngineMessage) -> Bool {
        let (isOpen, mustWake) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.messages.append(message)
            guard state.isAsleep, state.patience.isOver(with: message) else { return (true, false) }
            state.isAsleep = false
            return (true, true)
        }
        if mustWake { pipe.wake() }
        return isOpen
    }

    /// Takes the owner's place while it is asleep, and allows it; ``endHelp(mustWake:)`` has to follow.
    ///
    /// - Returns: Whether the caller has it; messages come meanwhile as if the owner were awake.
    func beginHelp() -> Bool {
        state.withLock { state in
            guard state.isAsleep, state.isOpenToHelp, state.messages.isEmpty else { return false }
            state.isAsleep = false
            return true
        }
    }

    /// Gives the owner its place back.
    ///
    /// - Parameter mustWake: Whether there is something that only the owner can do.
    func endHelp(mustWake: Bool) {
        let mustWake = state.withLock { state in
            state.isAsleep = !mustWake && state.messages.isEmpty
            return !state.isAsleep
        }
        if mustWake { pipe.wake() }
    }

    /// Takes all messages; for the owner alone.
    ///
    /// - Parameter messages: An empty array, whose memory is used again.
    func take(into messages: inout [EngineMessage]) {
        state.withLock { swap(&$0.messages, &messages) }
    }

    /// Says that the owner is about to sleep; for the owner alone.
    ///
    /// - Parameters:
    ///   - patience: What it is not to be woken for.
    ///   - allowsHelp: Whether others may take a step meanwhile.
    /// - Returns: `false` when there are messages, so that it must not.
    func fallAsleep(_ patience: EnginePatience, allowsHelp: Bool) -> Bool {
        state.withLock { state in
            state.isAsleep = state.messages.isEmpty
            state.patience = patience
            state.isOpenToHelp = allowsHelp
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
    func close() -> [EngineMessage] {
        state.withLock { state in
            state.isClosed = true
            defer { state.messages = [] }
            return state.messages
        }
    }
}
