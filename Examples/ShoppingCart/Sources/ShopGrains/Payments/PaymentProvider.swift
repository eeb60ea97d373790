/// Somebody who charges customers.
public protocol PaymentProvider: Sendable {
    /// Charges a customer, once per order: asked again for the same order, it answers as the first time.
    ///
    /// - Parameter charge: For what, how much and from where.
    /// - Returns: A receipt.
    /// - Throws: ``PaymentError`` that says whether anything was charged; any other error says that nobody knows.
    func charge(_ charge: Charge) async throws -> String
}
