import Foundation
import Synchronization
import Testing

/// Looks whether the machine has time for a test that measures: on one that is busy with other things nothing is quick.
final class MachineWatch: Sendable {
    private struct State {
        var stalls: [Duration] = []
        var isOver = false
    }

    private let state = Mutex(State())

    /// Begins to look, on a thread of its own.
    init() {
        Thread.detachNewThread { [self] in
            let clock = ContinuousClock()
            while !state.withLock(\.isOver) {
                let began = clock.now
                usleep(2_000)
                let stall = clock.now - began - .milliseconds(2)
                state.withLock { $0.stalls.append(stall) }
            }
        }
    }

    /// Ends looking.
    ///
    /// - Returns: How much too late one wake-up in a hundred was.
    func end() -> Duration {
        let stalls = state.withLock { state in
            state.isOver = true
            return state.stalls
        }
        return stalls.percentile(99)
    }

    /// Expects a time to be within a limit.
    ///
    /// The limit counts as it is in the long form of a test. In CI it counts ten times: there a debug build, its load and
    /// whatever else the machine does share two cores, and performance is no unit test. So it does where the machine let
    /// threads wait that only wanted to wake up. What exceeds the limit itself is printed.
    static func expect(
        _ time: Duration, within limit: Duration, stalled stall: Duration, _ location: SourceLocation = #_sourceLocation
    ) {
        let isStrict = Soak.isOn && stall <= .milliseconds(20)
        if time >= limit, !isStrict {
            print("\(time.inWords) are more than the limit of \(limit.inWords); a thread woke up \(stall.inWords) late")
        }
        #expect(time < (isStrict ? limit : limit * 10), sourceLocation: location)
    }
}
