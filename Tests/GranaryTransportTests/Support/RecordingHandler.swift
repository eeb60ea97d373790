import GranaryCore
import NIOCore
import Synchronization
import Testing

@testable import GranaryTransport

/// Writes down what a transport tells, and lets a test wait for it.
final class RecordingHandler: TransportHandler {
    /// What happened, in short.
    enum Event: Hashable, Sendable {
        case call(UInt64)
        case reply(CallReply)
        case cancellation(UInt64)
        case message(ByteBuffer)
        case opened
        case interrupted
        case resumed
        case ended(SessionEnd)
        case controlOpened
        case controlClosed(goodbye: Bool)
        case control(ByteBuffer)
    }

    private struct Watcher {
        var id: Int
        var condition: @Sendable ([Event]) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var events: [Event] = []
        var calls: [ReceivedCall] = []
        var watchers: [Watcher] = []
        var lastWatcher = 0
        var links: [any TransportLink] = []
    }

    private let state = Mutex(State())
    private let answers: (@Sendable (ReceivedCall) -> CallReply.Outcome?)?
    private let admission: Mutex<Admission>

    /// Makes a handler.
    ///
    /// - Parameters:
    ///   - admission: What it says of everybody.
    ///   - answers: The answer to a call, if there is to be one at once.
    init(admission: Admission = .welcome, answers: (@Sendable (ReceivedCall) -> CallReply.Outcome?)? = nil) {
        self.admission = Mutex(admission)
        self.answers = answers
    }

    /// Everything so far.
    var all: [Event] { state.withLock(\.events) }

    /// The calls so far.
    var calls: [ReceivedCall] { state.withLock(\.calls) }

    /// The links that callbacks came from.
    var links: [any TransportLink] { state.withLock(\.links) }

    /// The ends of sessions so far.
    var ends: [SessionEnd] {
        all.compactMap { if case .ended(let end) = $0 { end } else { nil } }
    }

    /// Waits until the events satisfy a condition; when the time limit of the test is over, tells what there was instead.
    func wait(until condition: @escaping @Sendable ([Event]) -> Bool) async {
        let id = state.withLock { state in
            state.lastWatcher += 1
            return state.lastWatcher
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isSatisfied = state.withLock { state in
                    if Task.isCancelled || condition(state.events) { return true }
                    state.watchers.append(Watcher(id: id, condition: condition, continuation: continuation))
                    return false
                }
                if isSatisfied { continuation.resume() }
            }
        } onCancel: {
            let watcher = state.withLock { state in
                state.watchers.firstIndex { $0.id == id }.map { state.watchers.remove(at: $0) }
            }
            watcher?.continuation.resume()
        }
        guard Task.isCancelled, !condition(all) else { return }
        let engines = links.compactMap { ($0 as? Session)?.engine.debugDescription }
        Issue.record("waited in vain; last events \(all.suffix(12)); \(Set(engines).joined(separator: "\n"))")
    }

    /// Waits for an event.
    func wait(for event: Event) async { await wait { $0.contains(event) } }

    /// Waits for the end of a session.
    func waitForEnd() async -> SessionEnd? {
        await wait { $0.contains { if case .ended = $0 { true } else { false } } }
        return ends.first
    }

    private func record(_ event: Event, _ change: (inout State) -> Void = { _ in }) {
        let satisfied = state.withLock { state in
            change(&state)
            state.events.append(event)
            if state.watchers.isEmpty { return [] as [Watcher] }
            let events = state.events
            let satisfied = state.watchers.filter { $0.condition(events) }
            state.watchers.removeAll { $0.condition(events) }
            return satisfied
        }
        for watcher in satisfied { watcher.continuation.resume() }
    }

    func admits(_ peer: PeerIdentity) -> Admission { admission.withLock { $0 } }

    /// Says something else of everybody from here on.
    func admit(_ admission: Admission) { self.admission.withLock { $0 = admission } }

    func received(_ call: consuming ReceivedCall, on link: any TransportLink) {
        let call = call
        record(.call(call.head.id)) { $0.calls.append(call) }
        if let outcome = answers?(call) { _ = link.send(CallReply(call.head.id, outcome)) }
    }

    func received(_ reply: CallReply, on link: any TransportLink) { record(.reply(reply)) }
    func received(cancellationOf call: UInt64, on link: any TransportLink) { record(.cancellation(call)) }
    func received(message: ByteBuffer, on link: any TransportLink) { record(.message(message)) }
    func receivedAll(from link: any TransportLink) {}

    func sessionOpened(_ link: any TransportLink) { record(.opened) { $0.links.append(link) } }
    func sessionInterrupted(_ link: any TransportLink) { record(.interrupted) }
    func sessionResumed(_ link: any TransportLink) { record(.resumed) }
    func sessionEnded(_ link: any TransportLink, _ end: SessionEnd) { record(.ended(end)) }
    func controlOpened(_ peer: PeerIdentity) { record(.controlOpened) }
    func controlClosed(_ peer: PeerIdentity, goodbye: Bool) { record(.controlClosed(goodbye: goodbye)) }
    func received(control message: ByteBuffer, from peer: PeerIdentity) { record(.control(message)) }
}
