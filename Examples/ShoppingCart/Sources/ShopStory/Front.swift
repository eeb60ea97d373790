import ShopClient
import Synchronization

/// What stands in front of several shops: sends each request to one that takes requests.
final class Front: Sendable {
    private struct Entry {
        var shop: ShopProcess
        var requests = 0
    }

    private struct State {
        var open: [String: Entry] = [:]
        /// Those that get no more requests but still have some to answer.
        var closing: [String: Entry] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    /// The names of the shops that take requests.
    var names: [String] { state.withLock { $0.open.keys.sorted() } }

    /// The shops that take requests, for people.
    var described: String {
        let open = state.withLock(\.open)
        return open.keys.sorted().compactMap { name in open[name].map { "\(name), process \($0.shop.identifier)" } }
            .joined(separator: "; ")
    }

    /// The ports of the shops that take requests, the one whose turn it is first.
    var ports: [Int] {
        state.withLock { state in
            let ports = state.open.keys.sorted().compactMap { state.open[$0]?.shop.port }
            state.next += 1
            let first = ports.isEmpty ? 0 : state.next % ports.count
            return Array(ports[first...] + ports[..<first])
        }
    }

    /// Lets a shop take requests.
    func add(_ name: String, _ shop: ShopProcess) { state.withLock { $0.open[name] = Entry(shop: shop) } }

    /// Sends a shop no more requests, and waits until it has answered those it has.
    func remove(_ name: String) async -> ShopProcess? {
        state.withLock { state in
            if let entry = state.open.removeValue(forKey: name) { state.closing[name] = entry }
        }
        while state.withLock({ $0.closing[name]?.requests ?? 0 }) > 0 {
            try? await Task.sleep(for: .milliseconds(2))
        }
        return state.withLock { $0.closing.removeValue(forKey: name)?.shop }
    }

    /// Sends a request to the next shop, each in its turn.
    @discardableResult
    func ask<Answer>(_ question: (ShopClient) async throws -> Answer) async throws -> Answer {
        let chosen: (name: String, shop: ShopProcess)? = state.withLock { state in
            let names = state.open.keys.sorted()
            guard !names.isEmpty else { return nil }
            state.next += 1
            let name = names[state.next % names.count]
            state.open[name]?.requests += 1
            return state.open[name].map { (name, $0.shop) }
        }
        guard let chosen else { throw Story.Loss(description: "no shop is open") }
        defer {
            state.withLock { state in
                if state.open[chosen.name]?.shop === chosen.shop { state.open[chosen.name]?.requests -= 1 }
                if state.closing[chosen.name]?.shop === chosen.shop { state.closing[chosen.name]?.requests -= 1 }
            }
        }
        return try await question(chosen.shop.client)
    }
}
