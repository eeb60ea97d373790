import NIOCore
import NIOPosix
import Synchronization

/// Calls that are due at planned times, whether or not those before have been answered.
///
/// A caller that waited for its answer before it planned the next call would leave out just those calls that a pause would have
/// made wait. Here each call has its time, and its latency counts from then; when all callers wait, what is due meanwhile
/// is begun late and counts as late.
///
/// Calls become due in ticks, a few at a time, because a timer for each one would cost more than the call. An event loop of
/// its own keeps the time, so that neither the pool's threads nor the transport's loops sleep or spin for it; how late calls
/// begin is measured as well, because that is part of what the latencies show.
final class OpenLoop: Sendable {
    /// A call that is to be made.
    struct Call {
        /// Its number, from 0.
        var number: Int
        /// When it is due, by `Uptime`.
        var due: Int64
    }

    private struct State {
        /// How many calls were due at the last tick.
        var due = 0
        /// The number of the next call.
        var next = 0
        /// How many calls there are in all.
        var total: Int
        /// Callers with nothing to do; the one who came last is the first to get a call, because its memory is warm.
        var idle: [UnsafeContinuation<Call?, Never>] = []
    }

    /// How many calls become due in a nanosecond.
    private let rate: Double
    private let tick: Int64
    private let start: Int64
    private let state: Mutex<State>

    /// - Parameters:
    ///   - rate: How many calls are due in a second.
    ///   - tick: How often calls become due.
    ///   - total: How many there are; without it, until `stop()`.
    private init(rate: Double, tick: Duration, total: Int) {
        self.rate = rate / 1e9
        self.tick = Int64(tick.inNanoseconds)
        start = Uptime.now
        state = Mutex(State(total: total))
    }

    /// Runs callers, each of which takes calls from the loop until there are no more; ends when they have ended.
    static func run(
        rate: Double, tick: Duration, total: Int = .max, callers: Int,
        _ caller: @escaping @Sendable (OpenLoop) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = OpenLoop(rate: rate, tick: tick, total: total)
        let result: Result<Void, any Error>
        do {
            try await withThrowingTaskGroup(of: Void.self) { callersGroup in
                for _ in 0..<callers {
                    callersGroup.addTask {
                        // One that fails ends all: the others would wait for calls for ever.
                        defer { loop.stop() }
                        try await caller(loop)
                    }
                }
                loop.keepTime(on: group.next())
                try await callersGroup.waitForAll()
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try await group.shutdownGracefully()
        try result.get()
    }

    /// The next call, as soon as one is due; `nil` when there are no more.
    func next() async -> Call? {
        await withUnsafeContinuation { waiter in
            let answer: Call?? = state.withLock { state in
                if state.next >= state.total { return .some(nil) }
                if state.next < state.due { return take(&state) }
                state.idle.append(waiter)
                return nil
            }
            if let answer { waiter.resume(returning: answer) }
        }
    }

    /// Plans no further calls; those that are due already are made.
    func stop() {
        let idle = state.withLock { state in
            state.total = min(state.total, state.due)
            defer { state.idle = [] }
            return state.idle
        }
        for waiter in idle { waiter.resume(returning: nil) }
    }

    private func take(_ state: inout State) -> Call {
        defer { state.next += 1 }
        // At the end of the tick in which it falls.
        let ticks = (Double(state.next + 1) / (rate * Double(tick))).rounded(.up)
        return Call(number: state.next, due: start + Int64(ticks) * tick)
    }

    private func keepTime(on loop: any EventLoop) {
        let ticks = (Uptime.now - start) / tick
        var begun: [(UnsafeContinuation<Call?, Never>, Call?)] = []
        let isOver = state.withLock { state in
            state.due = min(Int(rate * Double(ticks * tick)), state.total)
            while state.next < state.due, let waiter = state.idle.popLast() { begun.append((waiter, take(&state))) }
            guard state.next >= state.total else { return false }
            for waiter in state.idle { begun.append((waiter, nil)) }
            state.idle = []
            return true
        }
        for (waiter, call) in begun { waiter.resume(returning: call) }
        guard !isOver else { return }
        let next = NIODeadline.uptimeNanoseconds(UInt64(start + (ticks + 1) * tick))
        loop.scheduleTask(deadline: next) { self.keepTime(on: loop) }
    }
}
