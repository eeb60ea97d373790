public import Granary
import Logging

/// The process that turns a cart into an order; the key is the order's.
///
/// It sets the goods aside, charges the customer, sells the goods, writes the history and empties the cart; when goods
/// or money are missing it puts back what it had set aside. Each step is saved before it is taken, and taking a step
/// twice is as good as once. So a process that is killed anywhere goes on from the step it had reached, by its own timer
/// once somebody asks for it, and neither charges nor reserves twice.
///
/// Calls go one way, from here to cart, stock, payments and history, and none of them calls back: there is no circle.
@Grain(key: OrderID.self, errors: ShopError.self)
public actor Checkout {
    @Stored var progress = CheckoutProgress()
    private let payments: any PaymentProvider
    private let retryDelay: Duration
    private var retries: (any ActivationTimerHandle)?

    /// Makes an activation.
    ///
    /// - Parameters:
    ///   - context: The activation's context.
    ///   - payments: Who charges customers.
    ///   - retryDelay: The pause before a step that failed is taken again; 1 s unless said otherwise.
    public init(
        context: GrainContext<Checkout>, payments: any PaymentProvider, retryDelay: Duration = .seconds(1)
    ) {
        self.context = context
        self.payments = payments
        self.retryDelay = retryDelay
    }

    /// Goes on by itself with what an earlier activation left unfinished.
    public func activate() {
        if progress.step != .new, !progress.step.isSettled { keepTrying(after: .zero) }
    }

    /// Drives the order as far as it gets now; what is left over is tried again later.
    ///
    /// - Returns: The order: settled, or still open when the payment provider did not say what became of the payment.
    /// - Throws: ``ShopError`` when the customer's cart knows no such order; `GrainError` when a step failed for a reason
    ///   that is not the customer's, and will be taken again.
    @Idempotent public func run() async throws -> Order {
        do {
            try await begin()
            while !progress.step.isSettled, try await takeStep() {}
        } catch {
            if progress.step != .new { keepTrying(after: retryDelay) }
            throw error
        }
        if progress.step.isSettled { stopTrying() } else { keepTrying(after: retryDelay) }
        return order
    }

    /// Takes the order up again, without waiting for it.
    @Idempotent public func resume() async throws {
        try await begin()
        if progress.step.isSettled { await leaveTheList() } else { keepTrying(after: .zero) }
    }

    /// Takes the order up again; the caller does not even wait for the turn that may be running.
    @OneWay public func nudge() async throws { try await resume() }

    /// How far the order is.
    ///
    /// - Returns: The order; `nil` when it was never begun.
    @ReadOnly public func current() -> Order? { progress.step == .new ? nil : order }

    private var order: Order {
        let status: Order.Status =
            switch progress.step {
            case .completed: .completed
            case .failed: .failed
            default: .open
            }
        return Order(
            id: context.key, lines: progress.lines, status: status, problem: progress.problem,
            receipt: progress.receipt)
    }

    private var cart: Cart.Reference { context.grain(Cart.self, context.key.customer) }

    /// Takes the order's contents over from the cart.
    private func begin() async throws {
        guard progress.step == .new else { return }
        guard let pending = try await cart.pendingOrder(context.key.number) else {
            throw ShopError(.unknownOrder, "There is no order \(context.key).")
        }
        progress.lines = pending.lines
        progress.card = pending.card
        try await enter(.reserving)
    }

    private func enter(_ step: CheckoutStep) async throws {
        progress.step = step
        try await $progress.save()
    }

    /// Takes one step.
    ///
    /// - Returns: Whether it is done; if not, it is to be taken again later.
    private func takeStep() async throws -> Bool {
        switch progress.step {
        case .reserving: try await reserve()
        case .charging: return try await charge()
        case .selling: try await sell()
        case .releasing: try await release()
        case .new, .completed, .failed: break
        }
        return true
    }

    private func reserve() async throws {
        for line in progress.lines {
            do {
                try await stock(line).reserve(line.quantity, for: context.key)
            } catch let error as ShopError {
                progress.problem = error
                try await enter(.releasing)
                return
            }
        }
        try await enter(.charging)
    }

    private func charge() async throws -> Bool {
        progress.attempts += 1
        try await $progress.save()
        let charge = Charge(order: context.key, amount: order.total, card: progress.card)
        do {
            progress.receipt = try await payments.charge(charge)
            try await enter(.selling)
        } catch let error as PaymentError where error.code == .declined {
            progress.problem = ShopError(.paymentDeclined, error.message)
            try await enter(.releasing)
        } catch let error as PaymentError where error.code == .unavailable && progress.attempts == 1 {
            // Only at the first attempt does this prove that nothing was charged.
            progress.problem = ShopError(.paymentUnavailable, error.message)
            try await enter(.releasing)
        } catch let error as PaymentError {
            context.logger.warning("a payment is not settled", metadata: ["error": "\(error)"])
            return false
        }
        return true
    }

    private func sell() async throws {
        for line in progress.lines { try await stock(line).sell(context.key) }
        var completed = order
        completed.status = .completed
        try await context.grain(OrderHistory.self, context.key.customer).add(completed)
        try await settle(as: completed, .completed)
    }

    private func release() async throws {
        for line in progress.lines { try await stock(line).release(context.key) }
        var failed = order
        failed.status = .failed
        try await settle(as: failed, .failed)
    }

    private func settle(as order: Order, _ step: CheckoutStep) async throws {
        try await cart.settle(order)
        try await enter(step)
        await leaveTheList()
    }

    /// Takes the settled order off the list of open ones; when that fails, the next start of the shop does it.
    private func leaveTheList() async {
        do {
            try await context.grain(OpenOrders.self, OpenOrders.part(of: context.key)).remove(context.key)
        } catch {
            context.logger.warning("a settled order stays on the list", metadata: ["error": "\(error)"])
        }
    }

    private func stock(_ line: OrderLine) -> ProductStock.Reference {
        context.grain(ProductStock.self, line.product.id)
    }

    /// Ticks until the order is settled; the silo keeps the activation for as long.
    private func keepTrying(after delay: Duration) {
        guard retries == nil else { return }
        retries = context.startTimer(after: delay, every: retryDelay, keepsActive: true) { checkout in
            _ = try await checkout.run()
        }
    }

    private func stopTrying() {
        retries?.cancel()
        retries = nil
    }
}
