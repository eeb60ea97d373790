import Granary

/// A payment provider that keeps its books in a ``PaymentLedger`` and can be told how to behave by the card.
public struct DemoPayments: PaymentProvider {
    /// The cards that it knows; all others are good.
    public enum Card {
        /// Pays at once.
        public static let good = "good"
        /// Is declined.
        public static let declined = "declined"
        /// Pays after ``DemoPayments/slowness``.
        public static let slow = "slow"
        /// Pays, but the first answer is lost on the way.
        public static let flaky = "flaky"
    }

    /// How long the slow card takes; 3 s unless said otherwise.
    public var slowness: Duration
    private let ledger: @Sendable (String) -> PaymentLedger.Reference
    private let pause: @Sendable (Duration) async throws -> Void

    /// Makes a provider.
    ///
    /// - Parameters:
    ///   - slowness: How long the slow card takes.
    ///   - pause: Waits; `Task.sleep` unless said otherwise.
    ///   - ledger: Finds a customer's ledger.
    public init(
        slowness: Duration = .seconds(3),
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        ledger: @escaping @Sendable (String) -> PaymentLedger.Reference
    ) {
        self.slowness = slowness
        self.pause = pause
        self.ledger = ledger
    }

    /// Charges a customer; see ``PaymentProvider``.
    public func charge(_ charge: Charge) async throws -> String {
        if charge.card == Card.declined {
            throw PaymentError(.declined, "The card was declined. Nothing was charged.")
        }
        if charge.card == Card.slow { try await pause(slowness) }
        let ledger = ledger(charge.order.customer)
        let isFirst = try await ledger.charges().allSatisfy { $0.order != charge.order }
        let receipt = try await ledger.enter(charge)
        if charge.card == Card.flaky, isFirst {
            throw PaymentError(.unknown, "The payment provider's answer was lost.")
        }
        return receipt
    }
}
