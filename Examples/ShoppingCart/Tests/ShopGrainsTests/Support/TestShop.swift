import Granary
import Logging
import ShopGrains

/// A shop on a silo of its own.
struct TestShop {
    let silo: Silo
    let shop: Shop

    /// Opens a shop.
    ///
    /// - Parameters:
    ///   - backend: Where it keeps its state.
    ///   - offers: What it sells.
    ///   - drainTimeout: How long its silo may take to drain.
    ///   - payments: Who charges; the demo's provider unless said otherwise.
    /// - Returns: The shop, open.
    /// - Throws: What its silo or its grains throw.
    static func open(
        on backend: any SiloBackend, _ offers: [Offer], drainTimeout: Duration = .seconds(30),
        payments: @escaping @Sendable (GrainContext<Checkout>) -> any PaymentProvider = Shop.demoPayments
    ) async throws -> TestShop {
        let test = try await start(on: backend, drainTimeout: drainTimeout, payments: payments)
        try await test.shop.open(offers)
        return test
    }

    /// Starts a silo, and does not open the shop.
    static func start(
        on backend: any SiloBackend, drainTimeout: Duration = .seconds(30),
        payments: @escaping @Sendable (GrainContext<Checkout>) -> any PaymentProvider = Shop.demoPayments
    ) async throws -> TestShop {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        var configuration = SiloConfiguration()
        configuration.drainTimeout = drainTimeout
        let silo = Silo(configuration: configuration, backend: backend, logger: logger) {
            Shop.grains(retryDelay: .milliseconds(20), payments: payments)
        }
        try await silo.start()
        return TestShop(silo: silo, shop: Shop(silo))
    }

    func close() async throws { try await silo.shutDown() }
}

extension Product {
    /// A product for tests.
    static func test(_ id: String, price: Int = 100, limit: Int? = nil) -> Product {
        Product(id: id, name: id, summary: "", picture: "", price: price, limit: limit)
    }
}

/// Asks until it is so, for at most 20 seconds.
func until(_ what: String, _ isSo: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(20)
    while try await !isSo() {
        guard .now < deadline else { throw TimeIsUp(description: "waited in vain until \(what)") }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// Something did not come about in time.
struct TimeIsUp: Error, CustomStringConvertible {
    let description: String
}
