import ShopAPI
import ShopGrains

extension ProductBody {
    init(_ product: Product, level: StockLevel) {
        self.init(
            id: product.id, name: product.name, summary: product.summary, picture: product.picture,
            price: product.price, limit: product.limit, available: level.available)
    }
}

extension LineBody {
    init(_ line: OrderLine) {
        self.init(
            product: line.product.id, name: line.product.name, picture: line.product.picture,
            price: line.product.price, quantity: line.quantity)
    }
}

extension CartBody {
    init(_ cart: CartView) {
        self.init(
            customer: cart.customer, lines: cart.lines.map(LineBody.init), total: cart.total,
            pending: cart.pending?.number)
    }
}

extension OrderBody {
    init(_ order: Order) {
        self.init(
            number: order.id.number, status: order.status.rawValue, lines: order.lines.map(LineBody.init),
            total: order.total, receipt: order.receipt, problem: order.problem.map(ProblemBody.Problem.init))
    }
}

extension StockBody {
    init(_ level: StockLevel) {
        self.init(
            product: level.product, available: level.available, reserved: level.reserved, sold: level.sold)
    }
}

extension ProblemBody.Problem {
    init(_ error: ShopError) {
        self.init(code: error.code.rawValue, message: error.message, product: error.product)
    }
}
