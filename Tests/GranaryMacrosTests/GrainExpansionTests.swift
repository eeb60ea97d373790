import Testing

/// What `@Grain` writes, to the letter.
@Suite struct GrainExpansionTests {
    @Test func `A grain with a state and two methods`() {
        expectExpansion(
            of: #"""
                @Grain("cart", errors: CartError.self)
                public actor Cart {
                    @Stored(name: "lines") var contents = Contents()

                    /// Adds a product.
                    public func add(_ product: Product.ID, quantity: Int = 1) async throws(Full) -> Contents {}
                    @ReadOnly func count() -> Int {}
                    @OneWay @Idempotent @Method("forget") func clear() {}
                    private func hidden() {}
                    nonisolated func free() {}
                    func activate() {}
                }
                """#,
            to: #"""
                public actor Cart {
                    @Stored(name: "lines") var contents = Contents()

                    /// Adds a product.
                    public func add(_ product: Product.ID, quantity: Int = 1) async throws(Full) -> Contents {}
                    func count() -> Int {}
                    func clear() {}
                    private func hidden() {}
                    nonisolated func free() {}
                    func activate() {}
                }
                """#)
    }

    @Test func `An actor that brings its own initialiser and key`() {
        expectExpansion(
            of: """
                @Grain actor Checkout {
                    typealias Key = OrderID
                    init(context: GrainContext<Checkout>, payments: any Payments) {}
                }
                """,
            to: """
                actor Checkout {
                    typealias Key = OrderID
                    init(context: GrainContext<Checkout>, payments: any Payments) {}
                }
                """)
    }
}
