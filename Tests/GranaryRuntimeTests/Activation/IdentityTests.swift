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
            try await first.within(.seconds(60)).link(second)
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

/// A string that tells keys over strings from strings themselves.
struct CityName: RawRepresentable, GrainKey { var rawValue: String }

@Grain("city", key: CityName.self) actor City {
    @Stored var visits = 0

    func visit() async throws -> Int {
        visits += 1
        try await $visits.save()
        return visits
    }
}

@Grain("street") actor Street {
    @Stored var visits = 0

    func visit() async throws -> Int {
        visits += 1
        try await $visits.save()
        return visits
    }
}

/// Swift's `==` takes these for one; as bytes, and so as rows, they are two.
@Suite(.timeLimit(.minutes(1))) struct KeyBytesTests {
    static let pairs = [
        ["caf\u{e9}", "cafe\u{301}"], ["K", "\u{212a}"], ["q\u{307}\u{323}", "q\u{323}\u{307}"],
        ["the street of the caf\u{e9}", "the street of the cafe\u{301}"],
    ]

    @Test(arguments: pairs)
    func `A17: keys of equal characters and other bytes are two grains`(texts: [String]) async throws {
        let cluster = InMemoryCluster()
        try await withSilo(
            backend: .memory(cluster),
            also: {
                Street.self
                City.self
            }
        ) { silo, _ in
            #expect(texts[0] == texts[1])
            let streets = texts.map { silo.grain(Street.self, $0) }
            let cities = texts.map { silo.grain(City.self, CityName(rawValue: $0)) }
            #expect(streets[0] != streets[1])
            #expect(Set(streets + streets.reversed()).count == 2)
            #expect(Set(cities).count == 2)
            #expect(streets[0].id != streets[1].id)
            for (street, city) in zip(streets, cities) {
                try await #expect(street.visit() == 1)
                try await #expect(city.visit() == 1)
            }
            #expect(silo.activationCount == 4)
            try await #expect(streets[1].visit() == 2)
            for (street, city) in zip(streets, cities) {
                await silo.deactivate(street)
                await silo.deactivate(city)
            }
            try await #expect(streets.asyncMap { try await $0.visit() } == [2, 3])
            try await #expect(cities.asyncMap { try await $0.visit() } == [2, 2])
            for (type, text) in ["street", "city"].flatMap({ type in texts.map { (type, $0) } }) {
                #expect(cluster.record(of: GrainID(type: type, key: text), "visits").etag != nil)
            }
        }
    }

    @Test func `A17: equal bytes are one grain, however the string came to be`() async throws {
        try await withSilo(also: { Street.self }) { silo, _ in
            for text in ["a", "caf\u{e9}", "the street of the caf\u{e9}", String(repeating: "long ", count: 50)] {
                let copy = String(decoding: Array(text.utf8), as: UTF8.self)
                let part = "<\(text)>".dropFirst().dropLast()
                let streets = [text, copy, String(part)].map { silo.grain(Street.self, $0) }
                #expect(Set(streets).count == 1)
                try await #expect(streets.asyncMap { try await $0.visit() } == [1, 2, 3])
            }
        }
    }
}

extension Array {
    fileprivate func asyncMap<R>(_ transform: (Element) async throws -> R) async rethrows -> [R] {
        var results: [R] = []
        for element in self { try await results.append(transform(element)) }
        return results
    }
}
