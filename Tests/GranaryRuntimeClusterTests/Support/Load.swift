import Granary
import Synchronization

@testable import GranaryRuntime

/// Callers that add numbers to ledgers, each to its own, for as long as a test does something.
final class Load: Sendable {
    private struct State {
        var acknowledged: [String: Int] = [:]
        var failures: [String] = []
        var calls = 0
        var longest: Duration = .zero
        var isOver = false
    }

    private let silos: [Silo]
    private let keys: Int
    private let pause: Duration
    private let state = Mutex(State())

    /// Makes a load.
    ///
    /// - Parameters:
    ///   - silos: Through whom the calls go, in turns.
    ///   - keys: How many ledgers.
    ///   - pause: How long each caller waits between two calls.
    init(through silos: Silo..., keys: Int, pause: Duration = .milliseconds(1)) {
        self.silos = silos
        self.keys = keys
        self.pause = pause
    }

    /// For each ledger the last number whose addition was acknowledged.
    var acknowledged: [String: Int] { state.withLock(\.acknowledged) }
    var failures: [String] { state.withLock(\.failures) }
    /// The longest call.
    var longest: Duration { state.withLock(\.longest) }

    /// Waits until so many further calls were made.
    func made(_ calls: Int) async {
        let goal = state.withLock(\.calls) + calls
        await eventually { self.state.withLock(\.calls) >= goal }
    }

    /// Runs the load while an operation runs.
    func run(_ operation: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<keys { group.addTask { await self.call("load \(number)") } }
            let result: Result<Void, any Error>
            do { result = .success(try await operation()) } catch { result = .failure(error) }
            state.withLock { $0.isOver = true }
            try await group.waitForAll()
            try result.get()
        }
    }

    private func call(_ key: String) async {
        var number = 0
        let clock = ContinuousClock()
        while !state.withLock(\.isOver) {
            number += 1
            let began = clock.now
            do {
                let silo = silos[number % silos.count]
                let count = try await silo.ledger(key).add(number)
                let length = clock.now - began
                state.withLock { state in
                    state.acknowledged[key] = number
                    state.calls += 1
                    state.longest = max(state.longest, length)
                    if count != number { state.failures.append("\(key): addition \(number) was the \(count)th") }
                }
            } catch {
                state.withLock { $0.failures.append("\(key): \(error)") }
                return
            }
            try? await Task.sleep(for: pause)
        }
    }
}
