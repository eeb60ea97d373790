internal import GranaryCore
internal import NIOCore
internal import Synchronization

/// What a transport that seems to hang is doing, for tests and for whoever reads a report of theirs.
extension TransportEngine: CustomDebugStringConvertible {
    /// The sessions and control links, one a line.
    var debugDescription: String {
        let (own, isStopped, sessions, links, accepted) = state.withLock { state in
            (state.identity?.own, state.isStopped, state.sessions, state.links, state.accepted.count)
        }
        var lines = [
            "\(own.map { "\($0)" } ?? "nobody")\(isStopped ? ", stopped" : ""): \(accepted) accepted connections"
        ]
        lines += sessions.values.map { "  session with \($0.peer): \($0.debugDescription)" }
        lines += links.values.map { "  control link with \($0.peer): \($0.debugDescription)" }
        return lines.joined(separator: "\n")
    }
}

extension Session: CustomDebugStringConvertible {
    var debugDescription: String {
        state.withLock { state in
            let machine = state.machine
            return [
                state.connection.map { "on \($0.wire.remote)" } ?? "no connection",
                state.hasOpened ? "opened" : "never opened", machine.isEnded ? "ended: \(state.endReason)" : "",
                state.isDialing ? "dialing" : "", state.isBusy ? "busy" : "", state.isFlushing ? "flushing" : "",
                state.address.map { "to \($0)" } ?? "", "\(state.failures) failures, \(state.attachments) attachments",
                "\(state.waiting.count) waiting, \(machine.pendingFrames) pending, \(machine.retained.count) retained",
                "\(machine.written) written, lane \(machine.lane.isEmpty ? "empty" : "full")",
                "\(machine.heldBytes) bytes held, \(machine.delivered) delivered, \(machine.retainedBase) acknowledged",
            ].filter { !$0.isEmpty }.joined(separator: "; ")
        }
    }
}
