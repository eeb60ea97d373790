import Granary
import Testing

struct CartError: Error, Codable, Hashable { var quantity: Int }

@Grain(errors: CartError.self)
actor FirstCart {
    @Stored var items: [String: Int] = [:]

    func add(_ product: String, quantity: Int = 1) async throws -> [String: Int] {
        guard quantity > 0 else { throw CartError(quantity: quantity) }
        items[product, default: 0] += quantity
        try await $items.save()
        return items
    }

    func addAndFail(_ product: String) throws {
        items[product, default: 0] += 1
        throw CartError(quantity: -1)
    }

    @ReadOnly func current() -> [String: Int] { items }
}

@Grain(key: Int.self)
actor FirstCounter {
    var value = 0

    func increment() -> Int {
        value += 1
        return value
    }

    func slowIncrement() async -> Int {
        let seen = value
        await Task.yield()
        value = seen + 1
        return value
    }
}

@Grain
actor FirstRing {
    func forward(_ next: [String]) async throws -> String {
        guard let first = next.first else { return context.key }
        return try await context.grain(FirstRing.self, first).forward(Array(next.dropFirst()))
    }
}

@Grain
actor FirstTalker {
    func say(_ text: String) {
        var logger = context.logger
        logger[metadataKey: "length"] = "\(text.count)"
        logger.info("said \(text)", metadata: ["loud": "\(text == text.uppercased())"])
    }
}

@Suite struct FirstGrainTests {
    /// This file imports `Granary` alone, as a user's does.
    @Test func `a grain logs without a further import`() async throws {
        let log = LogRecorder()
        var logger = log.logger
        logger.logLevel = .info
        let silo = Silo(logger: logger) { FirstTalker.self }
        try await silo.start()
        try await silo.grain(FirstTalker.self, "a").say("HO")
        try await silo.shutDown()
        let line = try #require(log.line(with: "said HO"))
        for part in ["grain=FirstTalker/a", "length=2", "loud=true"] { #expect(line.contains(part)) }
    }

    @Test func `a grain remembers across silos that share a store`() async throws {
        let cluster = InMemoryCluster()
        let silo = Silo(backend: .memory(cluster)) { FirstCart.self }
        try await silo.start()
        let cart = silo.grain(FirstCart.self, "alice")
        #expect(try await cart.add("book") == ["book": 1])
        #expect(try await cart.add("book", quantity: 2) == ["book": 3])
        await #expect(throws: CartError(quantity: 0)) { try await cart.add("book", quantity: 0) }
        await #expect(throws: CartError(quantity: -1)) { try await cart.addAndFail("pen") }
        #expect(try await cart.current() == ["book": 3])
        try await silo.shutDown()

        let second = Silo(backend: .memory(cluster)) { FirstCart.self }
        try await second.start()
        #expect(try await second.grain(FirstCart.self, "alice").current() == ["book": 3])
        try await second.shutDown()
    }

    @Test func `turns never interleave`() async throws {
        let silo = Silo { FirstCounter.self }
        try await silo.start()
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<64 {
                group.addTask {
                    let counter = silo.grain(FirstCounter.self, task % 4)
                    for _ in 0..<100 { _ = try? await counter.slowIncrement() }
                }
            }
        }
        for key in 0..<4 { #expect(try await silo.grain(FirstCounter.self, key).increment() == 1_601) }
        try await silo.shutDown()
    }

    @Test func `a circle of calls fails at once and names the grains`() async throws {
        let silo = Silo { FirstRing.self }
        try await silo.start()
        #expect(try await silo.grain(FirstRing.self, "a").forward(["b", "c"]) == "c")
        do {
            _ = try await silo.grain(FirstRing.self, "a").forward(["b", "c", "a"])
            Issue.record("the circle was not found")
        } catch let error as GrainError {
            #expect(error.code == .deadlock)
            #expect(error.chain.map(\.key) == ["a", "b", "c", "a"])
        }
        try await silo.shutDown()
    }

    @Test func `a call with a time of its own ends in time`() async throws {
        let silo = Silo { FirstCart.self }
        try await silo.start()
        let cart = silo.grain(FirstCart.self, "bob").within(.seconds(60))
        #expect(try await cart.add("pen") == ["pen": 1])
        #expect(try await cart.current() == ["pen": 1])
        try await silo.shutDown()
    }
}
