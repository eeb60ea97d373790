import Granary

/// Where a checkout is; the step is saved before anything of it is done.
@Coded
enum CheckoutStep: String, Sendable {
    /// Nothing is known but the key.
    case new
    /// Goods are set aside, line by line.
    case reserving
    /// The payment provider is asked; it may have been asked before.
    case charging
    /// It is paid: the goods are sold, line by line, and the order goes into the history.
    case selling
    /// It failed: what was set aside is put back.
    case releasing
    /// It is paid and settled.
    case completed
    /// It failed and is settled.
    case failed

    var isSettled: Bool { self == .completed || self == .failed }
}
