import Synchronization

/// Callers that add numbers to lists, each to its own, for as long as a test does something.
final class Load: Sendable {
    private struct State {
        var acknowledged: [String: [Int]] = [:]
        var counts: [String: Int] = [:]
        var failures: [String] = []
        var calls = 0
        var longest: Duration = .zero
        var isOver = false
        var longestBy: [String: Duration] = [:]
    }

    /// Adds a number to the list of a key; answers how many there are.
    typealias Add = @Sendable (_ key: String, _ number: Int) async throws -> Int

    private let add: Add
    private let keys: Int
    private let pause: Duration
    private let state = Mutex(State())

    /// Makes a load.
    ///
    /// - Parameters:
    ///   - keys: How many lists.
    ///   - pause: How long each caller waits between two calls.
    ///   - add: Adds a number to the list of a key.
    init(keys: Int, pause: Duration = .milliseconds(1), _ add: @escaping Add) {
        self.add = add
        self.keys = keys
        self.pause = pause
    }

    /// For each list the numbers whose addition was acknowledged, in this order.
    var acknowledged: [String: [Int]] { state.withLock(\.acknowledged) }
    var failures: [String] { state.withLock(\.failures) }
    /// The longest call.
    var longest: Duration { state.withLock(\.longest) }

    /// The longest call of each key.
    var longestBy: [String: Duration] { state.withLock(\.longestBy) }

    /// Forgets how long calls took.
    func resetLongest() {
        state.withLock { state in
            state.longest = .zero
            state.longestBy = [:]
        }
    }

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
                let count = try await add(key, number)
                let length = clock.now - began
                state.withLock { state in
                    state.acknowledged[key, default: []].append(number)
                    state.calls += 1
                    state.longest = max(state.longest, length)
                    state.longestBy[key] = max(state.longestBy[key] ?? .zero, length)
                    if count < state.counts[key] ?? 0 {
                        state.failures.append("\(key): \(count) after \(state.counts)")
                    }
                    state.counts[key] = count
                }
            } catch {
                // Whether this number was added is not known: the list tells.
                state.withLock { $0.failures.append("\(key) \(number): \(error)") }
            }
            try? await Task.sleep(for: pause)
        }
    }
}
