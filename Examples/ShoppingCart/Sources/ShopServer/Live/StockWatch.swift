import Granary
import ServiceLifecycle
import ShopGrains

/// Follows the stock of all products, whichever silos their grains are in, and tells the feed.
struct StockWatch: Service {
    /// How often the grains are asked to tell: one that moved has forgotten who watches it.
    private static let interval = Duration.seconds(2)
    private let shop: Shop
    private let feed: StockFeed
    private let levels: GrainObservation<StockLevel>

    init(_ shop: Shop, feed: StockFeed) {
        self.shop = shop
        self.feed = feed
        levels = shop.observeStock()
    }

    /// Asks the grains to tell of every change.
    func begin() async throws { try await shop.watchStock(levels.observer) }

    /// Follows until the shop closes.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await level in levels { feed.publish(.change(level)) }
                }
                group.addTask {
                    while !Task.isCancelled {
                        do { try await Task.sleep(for: Self.interval) } catch { return }
                        // A silo that is busy with itself is asked again soon.
                        try? await begin()
                    }
                }
            }
        }
    }
}
