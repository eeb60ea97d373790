import Testing

/// Grains that must compile without a word in users' packages, where warnings may be errors.
@Suite struct GrainCompileTests {
    /// The ways in which users' packages differ.
    static let packages: [[String]] = [
        [],
        [
            "-enable-upcoming-feature", "ExistentialAny", "-enable-upcoming-feature", "MemberImportVisibility",
            "-enable-upcoming-feature", "InternalImportsByDefault",
            "-enable-upcoming-feature", "NonisolatedNonsendingByDefault",
        ],
        ["-default-isolation", "MainActor"],
        ["-O"],
    ]

    @Test(arguments: packages) func `A public grain with every kind of method`(flags: [String]) async throws {
        try await Compiler.expectSilence(
            """
            public import GranaryCore

            public nonisolated struct Contents: Codable, Sendable { var count = 0 }
            public nonisolated struct CartError: Error, Codable {}
            nonisolated struct Local: Error {}

            @Grain("cart", errors: CartError.self)
            public actor Cart {
                public nonisolated struct Line: Codable, Sendable {}
                @Stored var contents = Contents()
                @Stored(.afterEachTurn, name: "old") private(set) var `default` = 1
                public static let limit = 3
                var cache: [String: Int]?

                /// Adds.
                public func add(_ product: String, quantity: Int = 1, max: Int = Cart.limit) async throws -> Contents {
                    contents.count += quantity
                    try await $contents.save()
                    return contents
                }
                @ReadOnly public func current() -> Contents { contents }
                @ReadOnly func later() async -> [Line] { [] }
                @Idempotent func clear() throws(CartError) { cache = nil }
                func fail() async throws(Local) {}
                func never() throws(Never) {}
                @OneWay func log(grain: Int, _handle: Int, _arguments: Int, _grain: Int) {}
                @OneWay func logLater(_ text: String) async throws {}
                @discardableResult func `repeat`(in place: Line?, `default`: [Line] = []) -> Int { 1 }
                func unnamed(_: Int, label _: Int) {}
                func nested(_ line: Cart.Line) -> (Line) { line }
                @available(*, deprecated) public func old() -> Contents { contents }
                @available(*, unavailable) func gone() {}
                nonisolated var name: String { "cart" }
                nonisolated func describe() -> String { name }
                private func hidden(_ body: () -> Void) {}
                static func make<T>(_ value: T) {}
                public func activate() async throws {}
                public func deactivate(_ reason: DeactivationReason) async {}
            }
            nonisolated func use(_ cart: Cart.Reference, _ context: GrainContext<Cart>) async throws {
                _ = try await cart.add("a")
                _ = try await cart.add("a", quantity: 2).count
                try await cart.repeat(in: nil)
                try await cart.unnamed(1, label: 2)
                try await cart.log(grain: 1, _handle: 2, _arguments: 3, _grain: 4)
                _ = try await context.grain(Cart.self, "bob").nested(Cart.Line())
                async let a = cart.current(), b = cart.later()
                _ = try await (a, b)
            }
            """, flags: flags)
    }

    @Test(arguments: packages) func `Grains of every access and place`(flags: [String]) async throws {
        try await Compiler.expectSilence(
            """
            public import GranaryCore

            @Grain private actor Hidden { func f() -> Int { 1 } }
            @Grain fileprivate actor InFile { func f(_ other: Hidden.Reference) {} }
            @Grain package actor Shared { package func f() -> Int { 1 } }
            @available(*, deprecated) @Grain actor Old { func f() -> Int { 1 } }
            enum Outer { @Grain actor Inner { func f(_ other: Inner.Key) async -> Key { other } } }
            public enum Open {}
            public extension Open { @Grain actor Inner { public func f() {} } }
            @Grain(key: Int.self) actor Numbered { func f() -> Int { context.key } }
            @Grain actor OwnKey {
                nonisolated struct Key: GrainKey {
                    var keyText: String
                    init?(keyText: String) { self.keyText = keyText }
                }
            }
            protocol Payments: Sendable {}
            @Grain actor Checkout {
                let payments: any Payments
                init(context: GrainContext<Checkout>, payments: any Payments) {
                    self.context = context
                    self.payments = payments
                }
            }
            @Grain actor Made {
                let number: Int
                init(context: GrainContext<Made>) throws { self.context = context; number = 1 }
                func log(_ text: String = #function) -> Int { number }
            }
            nonisolated func selfMade<G: SelfMadeGrain>(_ type: G.Type) {}
            func all() { selfMade(Numbered.self); selfMade(Made.self); selfMade(Open.Inner.self) }
            """, flags: flags)
    }

    @Test(arguments: packages) func `An interface, its grain and a mock`(flags: [String]) async throws {
        try await Compiler.expectSilence(
            """
            public import GranaryCore

            public nonisolated struct Contents: Codable, Sendable {}
            @GrainInterface("Cart") public nonisolated protocol CartAPI: Sendable {
                /// Adds.
                func add(_ product: String, quantity: Int) async throws -> Contents
                @Method("empty") func clear() async throws
            }
            @GrainInterface("Cart", key: Int.self) private nonisolated protocol Hidden { func clear() async throws }
            @Grain public actor Cart {
                public func add(_ product: String, quantity: Int) -> Contents { Contents() }
                @Method("empty") public func clear() {}
            }
            extension Cart.Reference: CartAPI {}
            nonisolated struct Mock: CartAPI {
                func add(_ product: String, quantity: Int) -> Contents { Contents() }
                func clear() {}
            }
            nonisolated func use(_ cart: some CartAPI) async throws { _ = try await cart.add("a", quantity: 1) }
            nonisolated func all(_ remote: CartAPIReference, _ local: Cart.Reference) async throws {
                try await use(remote)
                try await use(local)
                try await use(Mock())
            }
            """, flags: flags)
    }

    @Test func `A grain with its own initialiser is not made from its context`() async throws {
        try await Compiler.expect(
            Mistake(
                "hosted",
                """
                @Grain actor Own {
                    init(context: GrainContext<Own>, number: Int) { self.context = context }
                }
                func selfMade<G: SelfMadeGrain>(_ type: G.Type) {}
                func all() { selfMade(Own.self) } // HERE
                """,
                "global function 'selfMade' requires that 'Own' conform to 'SelfMadeGrain'"))
    }

    @Test(arguments: [
        "func start(_ grain: A) { grain.context.startTimer(after: .zero) { grain in grain.ticks += 1 } } // HERE",
        "@MainActor func start(_ grain: A) { grain.context.startTimer(after: .zero) { $0.ticks += 1 } } // HERE",
    ])
    func `A timer cannot be started from outside its grain`(_ outside: String) async throws {
        let inside = """
            import GranaryCore
            @Grain actor A {
                var ticks = 0
                func start() { context.startTimer(after: .zero) { grain in grain.ticks += 1 } }
                func startLater() { Task { context.startTimer(after: .zero) { grain in grain.ticks += 1 } } }
            }
            extension A {
                func activate() async throws { start() }
            }
            """
        try await Compiler.expectSilence(inside)
        let outcome = try await Compiler().compile(inside + "\n" + outside)
        #expect(!outcome.succeeded)
        let line = inside.split(separator: "\n").count + 1
        #expect(
            outcome.messages.contains {
                $0.line == line && $0.text.hasPrefix("call to actor-isolated instance method")
            },
            Comment(rawValue: outcome.log))
    }
}
