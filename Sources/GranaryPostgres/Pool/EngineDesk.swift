import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The connections with their loop, under a lock: the thread that drives them has it while it works, and whoever finds
/// the thread asleep while little is going on takes one step in its place.
///
/// A statement that its caller sends leaves one wake-up of a thread earlier. When many come at once, the thread gathers
/// them better.
final class EngineDesk: Sendable {
    private let loop: Mutex<EngineLoop>
    private let inbox: Inbox

    /// Takes over a loop.
    ///
    /// - Parameters:
    ///   - loop: The loop.
    ///   - inbox: Where messages to it are left.
    init(_ loop: sending EngineLoop, inbox: Inbox) {
        self.loop = Mutex(loop)
        self.inbox = inbox
    }

    /// Hands a message over, or does at once what it says.
    ///
    /// - Parameter message: The message.
    /// - Returns: `false` when the engine is closed and will never see it.
    func send(_ message: EngineMessage) -> Bool {
        guard message.isRequest, inbox.beginHelp() else { return inbox.send(message) }
        return loop.withLock { loop in
            // The thread may have come first, and ended.
            guard !loop.isOver else { return false }
            inbox.endHelp(mustWake: loop.help(with: message))
            return true
        }
    }

    /// Drives the connections until the engine is closed; for its thread.
    func run() {
        var descriptors: [pollfd] = []
        var found: Int32 = 0
        while let timeout = loop.withLock({ $0.step(&descriptors, found: found) }) {
            found = poll(&descriptors, nfds_t(descriptors.count), timeout)
        }
    }
}
