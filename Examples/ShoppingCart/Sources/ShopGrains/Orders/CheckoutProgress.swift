import Granary

/// The state of a ``Checkout``.
@Coded
struct CheckoutProgress: Sendable {
    var step = CheckoutStep.new
    var lines: [OrderLine] = []
    var card = ""
    /// How often the payment provider was asked, counted before each time.
    var attempts = 0
    var receipt: String?
    var problem: ShopError?
}
