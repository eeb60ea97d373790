import FoundationEssentials
import Granary
import GranaryTesting
import Testing

@Grain("int64", key: Int64.self) actor Int64Probe {
    func text() -> String { "\(context.key)" }
}

@Grain("uint64", key: UInt64.self) actor UInt64Probe {
    func text() -> String { "\(context.key)" }
}

@Grain("uuid", key: UUID.self) actor UUIDProbe {
    func text() -> String { context.key.keyText }
}

struct OrderNumber: RawRepresentable, GrainKey { var rawValue: Int }

@Grain("order", key: OrderNumber.self) actor OrderProbe {
    @Stored var next: OrderProbe.Reference? = nil

    func link(_ other: OrderProbe.Reference) async throws {
        next = other
        try await $next.save()
    }

    func followed() async throws -> Int? { try await next?.own() }

    func own() -> Int { context.key.rawValue }
}

@Suite(.timeLimit(.minutes(1))) struct IdentityTests {
    @Test func `A17: keys of all kinds name distinct grains and read back`() async throws {
        try await withSilo(
            also: {
                Int64Probe.self
                UInt64Probe.self
                UUIDProbe.self
                OrderProbe.self
            }
        ) { silo, _ in
            for key in [Int64.min, -1, 0, 1, .max] {
                try await #expect(silo.grain(Int64Probe.self, key).text() == "\(key)")
                #expect(Int64(keyText: key.keyText) == key)
            }
            for key in [UInt64.min, 1, .max] {
                try await #expect(silo.grain(UInt64Probe.self, key).text() == "\(key)")
                #expect(UInt64(keyText: key.keyText) == key)
            }
            let id = UUID()
            try await #expect(silo.grain(UUIDProbe.self, id).text() == id.uuidString.lowercased())
            #expect(UUID(keyText: id.keyText) == id)
            try await #expect(silo.grain(OrderProbe.self, OrderNumber(rawValue: 7)).own() == 7)
            #expect(silo.activationCount == 10)
        }
    }

    @Test func `A17: a number has one text`() {
        #expect(Int(keyText: "+1") == nil)
        #expect(Int(keyText: "01") == nil)
        #expect(Int(keyText: "-0") == nil)
        #expect(Int(keyText: "-7") == -7)
    }

    @Test(arguments: ["", " ", "\t\n ", "a\u{0}b", String(repeating: "x", count: 1_025)])
    func `A18: a key that cannot be stored is refused before anything runs`(key: String) async throws {
        try await withSilo { silo, stage in
            let error = await grainError { try await silo.probe(key).ping() }
            #expect(error?.code == .invalidKey)
            #expect(stage.events.all.isEmpty)
        }
    }

    @Test func `A18: a long key, and keys that differ in their last character, are fine`() async throws {
        try await withSilo { silo, _ in
            let long = String(repeating: "k", count: 1_024)
            try await #expect(silo.probe(long).ping() == 1)
            try await #expect(silo.probe(String(long.dropLast()) + "l").addSlowly() == 1)
            try await #expect(silo.probe(long).current() == 0)
        }
    }

    @Test func `a reference is a value that travels and is stored`() async throws {
        let cluster = InMemoryCluster()
        try await withSilo(backend: .memory(cluster), also: { OrderProbe.self }) { silo, _ in
            let first = silo.grain(OrderProbe.self, OrderNumber(rawValue: 1))
            let second = silo.grain(OrderProbe.self, OrderNumber(rawValue: 2))
            #expect(first == silo.grain(OrderProbe.self, OrderNumber(rawValue: 1)))
            #expect(first != second)
            #expect(Set([first, second, first]).count == 2)
            #expect("\(first)" == "order/1")
            try await first.within(.seconds(20)).link(second)
            await silo.deactivate(first)
            #expect(try await first.followed() == 2)
        }
    }

    @Test func `a reference to another type is no reference to this one`() async throws {
        let cluster = InMemoryCluster()
        try await withSilo(backend: .memory(cluster), also: { OrderProbe.self }) { silo, _ in
            let first = silo.grain(OrderProbe.self, OrderNumber(rawValue: 1))
            try await first.link(silo.grain(OrderProbe.self, OrderNumber(rawValue: 2)))
            await silo.deactivate(first)
            try await cluster.overwrite(
                GrainID(type: "order", key: "1"), "next", json: #"{"type":"uuid","key":"2"}"#)
            let error = await grainError { try await first.followed() }
            #expect(error?.code == .stateUnreadable)
        }
    }
}
