import Testing

/// What `@Grain` writes, to the letter.
@Suite struct GrainExpansionTests {
    @Test func `A grain with a state and three methods`() {
        expectExpansion(
            of: #"""
                @Grain("cart", errors: CartError.self)
                actor Cart {
                    @Stored(name: "lines") var contents = Contents()

                    /// Adds a product.
                    func add(_ product: Product.ID, quantity: Int = 1) async throws(Full) -> Contents {}
                    @ReadOnly func count() -> Int {}
                    @OneWay @Idempotent @Method("forget") func clear() {}
                    private func hidden() {}
                    nonisolated func free() {}
                    func activate() {}
                }
                """#,
            to: #"""
                actor Cart {
                    @Stored(name: "lines") var contents = Contents()

                    /// Adds a product.
                    func add(_ product: Product.ID, quantity: Int = 1) async throws(Full) -> Contents {}
                    func count() -> Int {}
                    func clear() {}
                    private func hidden() {}
                    nonisolated func free() {}
                    func activate() {}

                    typealias Key = Swift.String

                    nonisolated let context: GranaryCore.GrainContext<Cart>

                    @exclusivity(unchecked) var _turns = GranaryCore.TurnGate()

                    init(context: GranaryCore.GrainContext<Cart>) { self.context = context }

                    static let _descriptor = GranaryCore.GrainDescriptor<Cart>(
                        name: "cart",
                        hasActivate: true, hasDeactivate: false,
                        stateNames: ["lines"],
                        errors: [CartError.self] + GranaryCore._codableErrors(Full.self),
                        methods: [
                            GranaryCore.GrainMethod(
                                "add", required: 1, accepted: 2, isReadOnly: false, isIdempotent: false
                            ) { grain, arguments in
                                let a0 = try arguments.decode((Product.ID).self)
                                let a1: Int = try arguments.isAtEnd ? 1 : arguments.decode((Int).self)
                                return try GranaryCore.Reply(await grain.add(a0, quantity: a1))
                            },
                            GranaryCore.GrainMethod.synchronous(
                                "count", required: 0, accepted: 0, isReadOnly: true, isIdempotent: false
                            ) { grain, arguments in
                                return try GranaryCore.Reply(grain.count())
                            },
                            GranaryCore.GrainMethod.synchronous(
                                "forget", required: 0, accepted: 0, isReadOnly: false, isIdempotent: true
                            ) { grain, arguments in
                                grain.clear()
                                return try GranaryCore.Reply()
                            },
                        ])

                    func _bind(_ binder: GranaryCore.StateBinder) {
                        binder.bind(_contents)
                    }

                    /// Names one ``Cart`` and calls it.
                    nonisolated struct Reference: GranaryCore.GrainReference {
                        typealias Target = Cart
                        let _handle: GranaryCore.GrainHandle<Cart>
                        init(_handle: GranaryCore.GrainHandle<Cart>) { self._handle = _handle }
                        /// Adds a product.
                        nonisolated(nonsending) func add(_ product: Product.ID, quantity: Int = 1) async throws -> Contents {
                            try await self._handle.turn("add", { (_arguments: inout GranaryCore.ArgumentEncoder) throws in try _arguments.encode(product); try _arguments.encode(quantity) }) {
                                (_grain: isolated Cart) async throws -> Contents in
                                try await _grain.add(product, quantity: quantity)
                            }
                        }
                        nonisolated(nonsending) func count() async throws -> Int {
                            try await self._handle.syncReadTurn("count", { _ in }) {
                                (_grain: isolated Cart) throws -> Int in
                                _grain.count()
                            }
                        }
                        nonisolated(nonsending) func clear() async throws {
                            try await self._handle.post("forget", { _ in }) {
                                (_grain: isolated Cart) async throws -> Swift.Void in
                                _grain.clear()
                            }
                        }
                    }

                    @available(*, deprecated)
                    private nonisolated static func __macro_local_7travelsfMu_() {
                    #sourceLocation(file: "test.swift", line: 6)
                    GranaryCore._carries((Product.ID).self)
                    #sourceLocation()
                    #sourceLocation(file: "test.swift", line: 6)
                    GranaryCore._carries((Contents).self)
                    #sourceLocation()
                    }
                }

                extension Cart: GranaryCore.Grain, GranaryCore.SelfMadeGrain {}
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

                    nonisolated let context: GranaryCore.GrainContext<Checkout>

                    @exclusivity(unchecked) var _turns = GranaryCore.TurnGate()

                    static let _descriptor = GranaryCore.GrainDescriptor<Checkout>(
                        name: "Checkout",
                        hasActivate: false, hasDeactivate: false,
                        stateNames: [],
                        errors: [],
                        methods: [
                        ])

                    func _bind(_ binder: GranaryCore.StateBinder) {}

                    /// Names one ``Checkout`` and calls it.
                    nonisolated struct Reference: GranaryCore.GrainReference {
                        typealias Target = Checkout
                        let _handle: GranaryCore.GrainHandle<Checkout>
                        init(_handle: GranaryCore.GrainHandle<Checkout>) { self._handle = _handle }

                    }
                }

                extension Checkout: GranaryCore.Grain {}
                """)
    }
}
