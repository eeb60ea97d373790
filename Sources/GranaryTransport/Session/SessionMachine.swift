internal import DequeModule
internal import GranaryCore
internal import NIOCore

/// One session as a state machine: what is queued, what was written, what the peer has, what this side has.
///
/// Numbered frames are counted, not marked: the n-th one of a direction has the number n. Bytes stay in the segments in
/// which they were written until the peer acknowledged them. No I/O, no clock, no lock.
struct SessionMachine {
    /// Frames that were written together.
    struct Segment {
        var bytes: ByteBuffer
        /// How many of them are numbered.
        var frames: UInt64
        /// The calls whose last chunk is among them.
        var largeCalls: [UInt64] = []
    }

    var limits: SessionLimits

    /// Small frames that nobody took yet.
    var pending = ByteBuffer()
    var pendingFrames: UInt64 = 0
    var lane = BulkLane()
    /// What was taken and is not acknowledged, the oldest first.
    var retained = Deque<Segment>()
    /// How many of the retained segments were written on the connection that is attached; the others are to be written.
    var written = 0
    /// How many numbered frames came before the first retained segment.
    var retainedBase: UInt64 = 0
    /// Bytes pending, in the lane and retained.
    var heldBytes = 0
    /// An old buffer to use again.
    var spare: ByteBuffer?

    /// How many numbered frames of the peer were delivered here.
    private(set) var delivered: UInt64 = 0
    private var acknowledgedToPeer: UInt64 = 0
    var reassembly = Reassembly()

    private(set) var isAttached = false
    private(set) var isEnded = false

    init(limits: SessionLimits) { self.limits = limits }

    /// Whether nothing waits for the peer.
    var isIdle: Bool { heldBytes == 0 }

    /// Whether the peer acknowledged everything, or the session is over.
    var isAcknowledged: Bool { isIdle || isEnded }

    /// How many frames of the peer it has not been told the delivery of.
    var unacknowledged: UInt64 { delivered - acknowledgedToPeer }

    /// How many numbered frames were taken so far.
    var taken: UInt64 { retained.reduce(retainedBase) { $0 + $1.frames } }
}

// MARK: Connections

extension SessionMachine {
    /// A new connection carries the session from here on.
    ///
    /// - Parameter peerDelivered: How many frames of this side the peer says it has: later ones are written again.
    /// - Throws: When the peer has what was never written, or forgot what it had.
    mutating func attach(peerDelivered: UInt64) throws(WireFault) {
        guard peerDelivered >= retainedBase, peerDelivered <= taken else {
            throw WireFault(
                "the peer says it has \(peerDelivered) frames, between \(retainedBase) and \(taken) are possible")
        }
        drop(upTo: peerDelivered)
        written = 0
        acknowledgedToPeer = delivered
        isAttached = true
    }

    /// Forgets the frames that the peer has.
    private mutating func drop(upTo peerDelivered: UInt64) {
        written = retained.count
        release(upTo: peerDelivered)
        guard peerDelivered > retainedBase, var first = retained.first else { return }
        FrameScan.skip(peerDelivered - retainedBase, of: &first.bytes)
        heldBytes -= retained[0].bytes.readableBytes - first.bytes.readableBytes
        first.frames -= peerDelivered - retainedBase
        retained[0] = first
        retainedBase = peerDelivered
    }

    /// The connection is gone: what was written and not acknowledged may or may not have arrived.
    mutating func detach() { isAttached = false }

    /// The session is over.
    ///
    /// - Parameter peerDelivered: How many frames the peer says it has, and will ever have; `nil` where that is not known,
    ///   and what was written may have reached it.
    /// - Returns: The calls that provably never reached the peer, in the order in which they were sent.
    mutating func end(peerDelivered: UInt64? = nil) -> [UInt64] {
        guard !isEnded else { return [] }
        isEnded = true
        isAttached = false
        var calls: [UInt64] = []
        if let peerDelivered, peerDelivered >= retainedBase, peerDelivered <= taken {
            drop(upTo: peerDelivered)
            written = 0
        }
        for segment in retained.dropFirst(written) {
            FrameScan.calls(in: segment.bytes, into: &calls)
            calls += segment.largeCalls
        }
        FrameScan.calls(in: pending, into: &calls)
        calls += lane.calls
        pending = ByteBuffer()
        pendingFrames = 0
        spare = nil
        retained = []
        lane = BulkLane()
        reassembly = Reassembly()
        heldBytes = 0
        return calls
    }
}

// MARK: Acknowledgements

extension SessionMachine {
    /// The peer has all frames up to a number.
    ///
    /// - Throws: When that many were not written on this connection and before.
    mutating func acknowledged(_ number: UInt64) throws(WireFault) {
        // Bytes that are written again may hold an old acknowledgement.
        if number <= retainedBase { return }
        let limit = retained.prefix(written).reduce(retainedBase) { $0 + $1.frames }
        guard number <= limit else { throw WireFault("frame \(number) is acknowledged, \(limit) were written") }
        release(upTo: number)
    }

    private mutating func release(upTo number: UInt64) {
        while let first = retained.first, retainedBase + first.frames <= number {
            retained.removeFirst()
            retainedBase += first.frames
            heldBytes -= first.bytes.readableBytes
            written -= 1
            if spare == nil, first.bytes.capacity <= 1 << 18 { spare = first.bytes }
        }
    }

    /// Frames of the peer were handed on.
    mutating func delivered(_ frames: UInt64) { delivered += frames }

    /// The number to acknowledge, if it is news to the peer.
    mutating func takeAcknowledgement() -> UInt64? {
        guard delivered > acknowledgedToPeer else { return nil }
        acknowledgedToPeer = delivered
        return delivered
    }
}
