import Granary
import ShopGrains
import Synchronization
import Testing

/// A checkout is cut off at every single save that it and its grains make, on either side of it.
///
/// The next silo on the same store must end it as if nothing had happened: charged once or not at all, stock taken once
/// or put back.
@Suite struct CrashTests {
    /// How a checkout ends that nobody disturbs.
    struct Ending: Sendable, CustomTestStringConvertible {
        var card: String
        var status: Order.Status
        var charges: Int
        var sold: Int
        var testDescription: String { card }

        static let all = [
            Ending(card: DemoPayments.Card.good, status: .completed, charges: 1, sold: 2),
            Ending(card: DemoPayments.Card.flaky, status: .completed, charges: 1, sold: 2),
            Ending(card: DemoPayments.Card.declined, status: .failed, charges: 0, sold: 0),
        ]
    }

    @Test(arguments: StoreKind.allCases, Ending.all)
    func `a checkout that crashes anywhere ends well in the next silo`(_ kind: StoreKind, _ ending: Ending) async throws
    {
        let store = try await kind.make()
        var point = 0
        var crashes = 0
        var isBeyond = false
        while !isBeyond {
            point += 1
            isBeyond = true
            for side in CrashingBackend.Side.allCases {
                let name = "\(ending.card)-\(point)-\(side.rawValue)"
                if try await crash(at: point, side, ending, on: store, name: name) {
                    isBeyond = false
                    crashes += 1
                }
            }
            try #require(point < 100)
        }
        // Reserving, charging, settling: a checkout that is saved less often than this cannot be safe.
        #expect(crashes >= 20, "only \(crashes) crashes")
    }

    /// Runs one checkout into a crash and then to its end.
    ///
    /// - Returns: Whether the crash came at all.
    private func crash(
        at point: Int, _ side: CrashingBackend.Side, _ ending: Ending, on store: any SiloBackend, name: String
    ) async throws -> Bool {
        let offers = [
            Offer(.test("pen-\(name)", price: 100), count: 5), Offer(.test("ink-\(name)", price: 50), count: 5),
        ]
        let backend = CrashingBackend(store)
        // What the crash left in the silo's memory is not worth waiting for.
        let first = try await TestShop.open(on: backend, offers, drainTimeout: .milliseconds(20))
        for offer in offers { _ = try await first.shop.cart(name).add(offer.product.id) }
        backend.arm(at: point, side)
        let answer = Answer()
        // Awaited below; nobody waits for the answer of a process that has crashed.
        let asking = Task {
            do {
                answer.order = try await first.shop.checkOut(name, card: ending.card, request: "r")
            } catch {
                answer.failure = error
            }
        }
        try await until("\(name): the order is settled or the crash came") {
            if backend.isDown { return true }
            // Nothing but the crash may fail a checkout.
            if let failure = answer.failure {
                if backend.isDown { return true }
                throw failure
            }
            guard answer.order != nil else { return false }
            do {
                return try await first.shop.openOrders().isEmpty
            } catch {
                if backend.isDown { return true }
                throw error
            }
        }
        let hasCrashed = backend.isDown

        // The first silo is not drained: to the cluster it is dead the moment the next one takes its name.
        let second = try await TestShop.open(on: store, offers)
        let retried = try await second.shop.checkOut(name, card: ending.card, request: "r")
        try await until("\(name): the order is settled") {
            guard try await second.shop.order(retried.id).status != .open else { return false }
            return try await second.shop.openOrders().isEmpty
        }
        let order = try await second.shop.order(retried.id)
        #expect(order.status == ending.status, "\(name)")
        #expect(order.id.number == 1, "\(name)")
        if let answer = answer.order, answer.status != .open { #expect(answer == order, "\(name)") }
        #expect(try await second.shop.ledger(name).charges().count == ending.charges, "\(name)")
        var sold = 0
        for offer in offers {
            let level = try await second.shop.stock(offer.product.id).level()
            #expect(level.reserved == 0, "\(name)")
            #expect(level.available + level.sold == 5, "\(name)")
            sold += level.sold
        }
        #expect(sold == ending.sold, "\(name)")
        #expect(try await second.shop.cart(name).current().lines.isEmpty == (ending.status == .completed), "\(name)")
        #expect(try await second.shop.history(name).newestFirst().count == ending.charges, "\(name)")
        try await second.close()
        asking.cancel()
        try? await first.close()
        await asking.value
        return hasCrashed
    }

    @Test(arguments: StoreKind.allCases)
    func `an order that was left in the middle goes on when the shop opens, with nobody asking`(
        _ kind: StoreKind
    ) async throws {
        let store = try await kind.make()
        let offers = [Offer(.test("pen"), count: 5)]
        let gate = GatedPayments()
        let first = try await TestShop.open(on: store, offers) { _ in gate }
        _ = try await first.shop.cart("ann").add("pen")
        async let lost = first.shop.checkOut("ann", card: "good", request: "r")
        await gate.asked()

        let second = try await TestShop.start(on: store)
        #expect(try await second.shop.open(offers) == 1)
        try await until("the order is settled") { try await second.shop.history("ann").newestFirst().count == 1 }
        #expect(
            try await second.shop.stock("pen").level() == StockLevel(product: "pen", available: 4, reserved: 0, sold: 1)
        )
        try await until("it is off the list") { try await second.shop.openOrders().isEmpty }

        // The first silo learns too late what became of its payment: nothing that it does counts any more.
        gate.open()
        _ = try? await lost
        #expect(try await second.shop.stock("pen").level().sold == 1)
        try await second.close()
        try? await first.close()
    }
}

/// What a shop answered, if it answered at all.
private final class Answer: Sendable {
    private let stored = Mutex<Order?>(nil)
    private let error = Mutex<(any Error)?>(nil)

    var order: Order? {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }

    var failure: (any Error)? {
        get { error.withLock { $0 } }
        set { error.withLock { $0 = newValue } }
    }
}
