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

    /// Expects a time to be within a limit: within ten times the limit where the machine let threads wait that only wanted to
    /// wake up.
    static func expect(
        _ time: Duration, within limit: Duration, stalled stall: Duration, _ location: SourceLocation = #_sourceLocation
    ) {
        let isBusy = stall > .milliseconds(20)
        if isBusy { print("the machine is busy: a thread wakes up \(stall.inWords) late; limits count ten times") }
        let bound = isBusy ? limit * 10 : limit
        #expect(time < bound, sourceLocation: location)
    }
}
