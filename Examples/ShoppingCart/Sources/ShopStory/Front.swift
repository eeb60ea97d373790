import ShopClient
import Synchronization

/// What stands in front of several shops: sends each request to one that takes requests.
final class Front: Sendable {
    private struct State {
        var shops: [String: ShopProcess] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    /// The names of the shops that take requests.
    var names: [String] { state.withLock { $0.shops.keys.sorted() } }

    /// Lets a shop take requests.
    func add(_ name: String, _ shop: ShopProcess) { state.withLock { $0.shops[name] = shop } }

    /// Sends a shop no more requests.
    func remove(_ name: String) -> ShopProcess? { state.withLock { $0.shops.removeValue(forKey: name) } }

    /// A shop by its name.
    func shop(_ name: String) -> ShopProcess? { state.withLock { $0.shops[name] } }

    /// The next shop, each in its turn.
    var client: ShopClient? {
        state.withLock { state in
            let names = state.shops.keys.sorted()
            guard !names.isEmpty else { return nil }
            state.next += 1
            return state.shops[names[state.next % names.count]]?.client
        }
    }
}
