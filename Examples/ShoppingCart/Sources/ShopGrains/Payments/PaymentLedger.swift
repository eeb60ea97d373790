public import Granary

/// What the demo's payment provider charged one customer; the key is the customer's name.
///
/// It stands for the books of a provider out there: they survive the shop, and would show a customer who paid twice.
@Grain(errors: PaymentError.self)
public actor PaymentLedger {
    @Stored var book = Book()

    /// Enters a charge; an order that is in the book already gets the same receipt again.
    ///
    /// - Parameter charge: The charge.
    /// - Returns: The receipt.
    /// - Throws: `GrainError` when it cannot be saved.
    @Idempotent public func enter(_ charge: Charge) async throws -> String {
        if let number = book.charges.firstIndex(where: { $0.order == charge.order }) {
            return receipt(number)
        }
        book.charges.append(charge)
        try await $book.save()
        return receipt(book.charges.count - 1)
    }

    /// All that was charged, the oldest first.
    @ReadOnly public func charges() -> [Charge] { book.charges }

    private func receipt(_ number: Int) -> String { "\(context.key)-r\(number + 1)" }

    /// The state.
    @Coded
    struct Book: Sendable {
        var charges: [Charge] = []
    }
}
