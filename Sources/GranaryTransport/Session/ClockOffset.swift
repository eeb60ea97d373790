/// The peer's clock minus this process's: taken from the quickest of the last pings, since its error is at most half of
/// the round trip.
struct ClockOffset: Hashable, Sendable {
    private struct Sample: Hashable {
        var offset: Int64
        var roundTrip: Int64
    }

    private var samples: [Sample] = []
    private var next = 0

    /// In nanoseconds; 0 as long as nothing is known.
    private(set) var nanoseconds: Int64 = 0

    /// Takes the answer to a ping, all in nanoseconds.
    ///
    /// - Parameters:
    ///   - sent: This process's clock when the ping left.
    ///   - received: This process's clock when the pong came.
    ///   - peer: The peer's clock in between.
    mutating func add(sent: Int64, received: Int64, peer: Int64) {
        let (roundTrip, overflows) = received.subtractingReportingOverflow(sent)
        guard !overflows, roundTrip >= 0 else { return }
        let (offset, overflowsToo) = peer.subtractingReportingOverflow(sent + roundTrip / 2)
        guard !overflowsToo else { return }
        let sample = Sample(offset: offset, roundTrip: roundTrip)
        if samples.count < 8 { samples.append(sample) } else { samples[next] = sample }
        next = (next + 1) % 8
        if let best = samples.min(by: { $0.roundTrip < $1.roundTrip }) { nanoseconds = best.offset }
    }

    /// Takes a reading that came with a greeting, when nothing better is known.
    mutating func assume(peer: Int64, received: Int64) {
        if samples.isEmpty { nanoseconds = peer.subtractingReportingOverflow(received).partialValue }
    }
}
