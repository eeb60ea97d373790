import Granary
import Synchronization

/// Calls of random grains at a constant rate, whatever becomes of those before: each one is made again until it is answered.
final class DisturbanceLoad: Sendable {
    /// What became of a call.
    struct Record: Sendable {
        /// When it was due.
        var due: Int64
        /// From then until its answer, all tries included.
        var length: Int64
        /// How many tries failed.
        var failures: Int
    }

    private struct State {
        var loop: OpenLoop?
        var isStopped = false
        var records: [Record] = []
        var errors: [String: Int] = [:]
    }

    private let calls: DisturbedCalls
    private let grains: Int
    private let writes: Int
    private let rate: Int
    private let callers: Int
    private let state = Mutex(State())

    init(_ calls: DisturbedCalls, _ command: DisturbanceCommand) {
        self.calls = calls
        grains = command.grains
        writes = command.writes
        rate = command.rate
        callers = command.callers
    }

    /// Makes calls until it is told to stop.
    func run() async throws {
        try await OpenLoop.run(rate: Double(rate), tick: .milliseconds(1), callers: callers) { [self] loop in
            let isStopped = state.withLock { state in
                state.loop = loop
                return state.isStopped
            }
            if isStopped { loop.stop() }
            var own: [Record] = []
            while let next = await loop.next() {
                // From the call's number, so that it does not matter who makes it.
                var walk = RandomWalk(next.number, below: grains * 100)
                for _ in 0..<3 { _ = walk.next() }
                let (key, dice) = walk.next().quotientAndRemainder(dividingBy: 100)
                let failures = try await Self.call(key, dice < writes, calls) { note($0) }
                own.append(Record(due: next.due, length: Uptime.now - next.due, failures: failures))
            }
            state.withLock { $0.records += own }
        }
    }

    /// Calls a grain until it answers.
    ///
    /// - Returns: How often that failed.
    static func call(
        _ key: Int, _ isWrite: Bool, _ calls: DisturbedCalls, failed: (any Error) -> Void
    ) async throws -> Int {
        var failures = 0
        while true {
            do {
                try await calls.call(key, writes: isWrite)
                return failures
            } catch let error as GrainError {
                failures += 1
                failed(error)
                // A cluster that never answers again is no disturbance but an error.
                if failures >= 100 { throw error }
            }
        }
    }

    /// Makes no further calls.
    func stop() {
        let loop = state.withLock { state in
            state.isStopped = true
            return state.loop
        }
        loop?.stop()
    }

    private func note(_ error: any Error) {
        let kind = (error as? GrainError)?.code.name ?? "\(type(of: error))"
        state.withLock { $0.errors[kind, default: 0] += 1 }
    }

    /// The calls that were due in some times; once it has ended.
    func records(in times: [Range<Int64>]) -> [Record] {
        state.withLock { state in
            state.records.filter { record in times.contains { $0.contains(record.due) } }
        }
    }

    /// How many tries failed, by the kind of the error.
    var errors: [String: Int] { state.withLock(\.errors) }
}
