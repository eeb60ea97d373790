internal import GranaryCluster
internal import GranaryCore
internal import Logging
internal import Metrics
internal import NIOCore
internal import Synchronization

/// What a silo does for clients: it tells them views, and bounds how many of their calls it has at once.
///
/// A client is no member, so nothing of what it says reaches the cluster's protocol.
final class ClientDesk: Sendable {
    /// How many of their calls may be unanswered here.
    private let limit: Int
    private let calls = Atomic<Int>(0)
    /// The sessions of those that want to hear of new views.
    private let watchers = Mutex<[ObjectIdentifier: any TransportLink]>([:])
    private let refused = Counter(label: "granary_client_calls_refused_total")
    private let logger: Logger

    init(limit: Int, logger: Logger) {
        self.limit = limit
        self.logger = logger
    }

    /// How many of their calls are unanswered.
    var callCount: Int { calls.load(ordering: .relaxed) }

    /// How many want to hear of new views.
    var watcherCount: Int { watchers.withLock(\.count) }

    /// Counts a call in, unless it comes from a client and there are too many of those; says whether it may come in.
    func enter(_ link: any TransportLink) -> Bool {
        guard link.isClient else { return true }
        if calls.wrappingAdd(1, ordering: .relaxed).newValue <= limit { return true }
        calls.wrappingSubtract(1, ordering: .relaxed)
        refused.increment()
        return false
    }

    /// Counts a call out that ``enter(_:)`` let in.
    func leave(_ link: any TransportLink) {
        if link.isClient { calls.wrappingSubtract(1, ordering: .relaxed) }
    }

    /// A client asks for views.
    ///
    /// - Parameters:
    ///   - message: Its message.
    ///   - link: The session with it.
    ///   - view: The newest view that this silo knows.
    ///   - hashKey: The cluster's hash key.
    func received(_ message: ByteBuffer, on link: any TransportLink, view: ClusterView?, hashKey: HashKey) {
        var buffer = message
        let question: ClientMessage
        do {
            question = try CBORDecoder().decode(ClientMessage.self, from: &buffer)
        } catch {
            logger.warning(
                "a client's message cannot be read and is ignored",
                metadata: ["peer": "\(link.peer)", "error": "\(error)"])
            return
        }
        watchers.withLock { $0[ObjectIdentifier(link)] = question.watch ? link : nil }
        let newest = view?.number ?? 0
        let answer = GatewayMessage(
            newest: newest, hashKey: hashKey, view: newest > question.known ? view : nil)
        send(answer, to: [link])
    }

    /// Tells everybody who wants to hear of it a view.
    func announce(_ view: ClusterView, hashKey: HashKey) {
        let links = watchers.withLock { Array($0.values) }
        if links.isEmpty { return }
        send(GatewayMessage(newest: view.number, hashKey: hashKey, view: view), to: links)
    }

    /// Forgets a session that is over.
    func forget(_ link: any TransportLink) { _ = watchers.withLock { $0.removeValue(forKey: ObjectIdentifier(link)) } }

    private func send(_ message: GatewayMessage, to links: [any TransportLink]) {
        var buffer = ByteBuffer()
        do {
            try CBOREncoder().encode(message, into: &buffer)
        } catch {
            return logger.error("a view cannot be encoded for clients", metadata: ["error": "\(error)"])
        }
        // One that takes nothing now asks again by itself.
        for link in links { _ = link.send(message: buffer) }
    }
}
