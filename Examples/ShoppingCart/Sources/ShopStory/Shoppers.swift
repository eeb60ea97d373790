import Foundation
import ShopClient
import Synchronization

/// Shoppers who change their minds all the time, and what they noticed.
final class Shoppers: Sendable {
    /// What all of them together noticed.
    struct Notes: Sendable {
        var requests = 0
        var failures: [String] = []
        var longestPause: Duration = .zero
        /// For each shopper the quantity that the shop acknowledged last.
        var acknowledged: [String: Int] = [:]
    }

    private let front: Front
    private let names: [String]
    private let notes = Mutex(Notes())
    private let isOver = Mutex(false)

    init(_ count: Int, through front: Front) {
        self.front = front
        let mark = UUID().uuidString.prefix(6).lowercased()
        names = (1...count).map { "shopper\($0)-\(mark)" }
    }

    /// What they noticed so far.
    var noticed: Notes { notes.withLock(\.self) }

    /// Lets them shop while something happens.
    func shop(while operation: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for name in names { group.addTask { await self.shop(as: name) } }
            let result: Result<Void, any Error>
            do { result = .success(try await operation()) } catch { result = .failure(error) }
            isOver.withLock { $0 = true }
            try await group.waitForAll()
            try result.get()
        }
    }

    private func shop(as name: String) async {
        var number = 0
        while !isOver.withLock(\.self) {
            number += 1
            let quantity = 1 + number % 9
            let began = ContinuousClock.now
            do {
                try await front.ask { _ = try await $0.change("coffee", to: quantity, for: name) }
                let pause = ContinuousClock.now - began
                notes.withLock { notes in
                    notes.requests += 1
                    notes.longestPause = max(notes.longestPause, pause)
                    notes.acknowledged[name] = quantity
                }
            } catch {
                notes.withLock { notes in
                    notes.failures.append("\(error)")
                    // Whether it took effect is not known, so the next answer tells.
                    notes.acknowledged[name] = nil
                }
            }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }
}
