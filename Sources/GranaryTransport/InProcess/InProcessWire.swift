internal import DequeModule
internal import GranaryCore
internal import NIOCore
internal import Synchronization

/// One end of a wire between two transports of one process.
final class InProcessWire: Wire {
    private struct State {
        var other: InProcessWire?
        var connection: WireConnection?
        var buffered: [ByteBuffer] = []
        /// Bytes flushed that the other end has not read.
        var unread = 0
        var isClosed = false
        /// Whether something that was sent to this end was lost: nothing may arrive behind a hole.
        var isDeaf = false
        /// What is on its way to this end, with the time of its arrival.
        var arriving = Deque<(due: Duration, bytes: ByteBuffer?)>()
        var lastDue = Duration.zero
    }

    /// How many bytes may be on their way before the wire is full.
    private static let capacity = 262_144

    let remote: String
    let owner: String
    let loop: InProcessLoop
    private let network: InProcessNetwork
    private let state = Mutex(State())

    init(network: InProcessNetwork, owner: String, remote: String, loop: InProcessLoop) {
        self.network = network
        self.owner = owner
        self.remote = remote
        self.loop = loop
    }

    func join(_ other: InProcessWire) { state.withLock { $0.other = other } }

    /// Puts the connection on; on the loop.
    func open(_ connection: WireConnection?) {
        guard let connection else { return close() }
        let isClosed = state.withLock { state in
            if !state.isClosed { state.connection = connection }
            return state.isClosed
        }
        // The other end, or a fault, can be quicker.
        if isClosed { return connection.wireClosed("closed") }
        connection.opened()
    }

    var isWritable: Bool { state.withLock { $0.unread < Self.capacity } }

    func write(_ bytes: ByteBuffer) { state.withLock { $0.buffered.append(bytes) } }

    func flush() {
        let (buffered, other): ([ByteBuffer], InProcessWire?) = state.withLock { state in
            defer { state.buffered = [] }
            guard !state.isClosed else { return ([], nil) }
            for bytes in state.buffered { state.unread += bytes.readableBytes }
            return (state.buffered, state.other)
        }
        guard let other else { return }
        for bytes in buffered { other.arrive(bytes, from: self) }
    }

    func close() { end(tellsOther: true) }

    func close(after bytes: ByteBuffer) {
        write(bytes)
        flush()
        close()
    }

    func execute(_ work: @escaping @Sendable () -> Void) { loop.execute(work) }

    func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
        loop.schedule(after: delay, work)
    }

    /// Closes both ends as a broken network does: what is on its way is lost.
    ///
    /// From any thread.
    func sever() {
        state.withLock { state in
            state.arriving = []
            state.isDeaf = true
        }
        loop.execute { self.end(tellsOther: false) }
    }

    private func end(tellsOther: Bool) {
        let (connection, other): (WireConnection?, InProcessWire?) = state.withLock { state in
            guard !state.isClosed else { return (nil, nil) }
            state.isClosed = true
            defer {
                state.connection = nil
                state.other = nil
            }
            return (state.connection, state.other)
        }
        if tellsOther { other?.arrive(nil, from: self) }
        network.forget(self)
        connection?.wireClosed("closed")
    }

    /// Bytes, or the end, come from the other end.
    private func arrive(_ bytes: ByteBuffer?, from other: InProcessWire) {
        guard let delay = network.delay(from: other.owner, to: owner) else {
            return state.withLock { $0.isDeaf = true }
        }
        let now = network.time.now
        state.withLock { state in
            guard !state.isDeaf else { return }
            state.lastDue = max(state.lastDue, now + delay)
            state.arriving.append((state.lastDue, bytes))
        }
        if delay == .zero {
            loop.execute { self.read(from: other) }
        } else {
            loop.schedule(after: delay) { self.read(from: other) }
        }
    }

    private func read(from other: InProcessWire) {
        let now = network.time.now
        while true {
            let (item, connection) = state.withLock {
                state -> ((due: Duration, bytes: ByteBuffer?)?, WireConnection?) in
                guard let first = state.arriving.first, first.due <= now else { return (nil, nil) }
                state.arriving.removeFirst()
                return (first, state.connection)
            }
            guard let item else { return }
            guard let bytes = item.bytes else { return end(tellsOther: false) }
            connection?.received(bytes)
            other.wasRead(bytes.readableBytes)
        }
    }

    private func wasRead(_ count: Int) {
        let connection: WireConnection? = state.withLock { state in
            let wasFull = state.unread >= Self.capacity
            state.unread -= count
            return wasFull && state.unread < Self.capacity ? state.connection : nil
        }
        if let connection { loop.execute { connection.becameWritable() } }
    }
}
