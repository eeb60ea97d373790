public import Granary

/// The key of an order: whose it is, and its number among the orders of that customer.
///
/// An order can so be traced back to its cart from its key alone, also after a crash that left nothing else of it.
@Coded
public struct OrderID: GrainKey {
    /// The customer's name.
    public var customer: String
    /// The number, from 1.
    public var number: Int

    /// Names an order.
    ///
    /// - Parameters:
    ///   - customer: The customer's name.
    ///   - number: The number, from 1.
    public init(customer: String, number: Int) {
        self.customer = customer
        self.number = number
    }

    /// For example `alice:7`.
    public var keyText: String { "\(customer):\(number)" }

    /// Reads what ``keyText`` gives.
    ///
    /// - Parameter keyText: For example `alice:7`.
    public init?(keyText: String) {
        guard let colon = keyText.lastIndex(of: ":") else { return nil }
        let digits = String(keyText[keyText.index(after: colon)...])
        guard let number = Int(keyText: digits), number > 0 else { return nil }
        self.init(customer: String(keyText[..<colon]), number: number)
    }
}

extension OrderID: CustomStringConvertible {
    /// The same as ``keyText``.
    public var description: String { keyText }
}
