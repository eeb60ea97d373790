import GranaryCore
import NIOCore
import Testing

/// Handwritten conformances, which use encoders and decoders in every way that `Codable` allows.
struct CBORContainerTests {
    private enum Keys: String, CodingKey { case a, b, c, d, list, inner }

    private class Animal: Codable {
        var name: String
        init(name: String) { self.name = name }
    }

    private final class Dog: Animal {
        var tricks: [String]
        init(name: String, tricks: [String]) {
            self.tricks = tricks
            super.init(name: name)
        }
        required init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            try tricks = container.decode([String].self, forKey: .list)
            try super.init(from: container.superDecoder())
        }
        override func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            try super.encode(to: container.superEncoder())
            try container.encode(tricks, forKey: .list)
        }
    }

    @Test func classes() throws {
        let dog = try decoded(Dog.self, encoded(Dog(name: "Rex", tricks: ["sit", "roll"])))
        #expect(dog.name == "Rex")
        #expect(dog.tricks == ["sit", "roll"])
        #expect(try encoded(Dog(name: "R", tricks: [])) == bytes("a2657375706572a1646e616d6561526 46c69737480"))
    }

    private struct Interleaved: Codable, Equatable {
        var count = 30

        init(count: Int) { self.count = count }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            let first = try container.nestedContainer(keyedBy: Keys.self, forKey: .a)
            var second = try container.nestedUnkeyedContainer(forKey: .b)
            var third = try second.nestedUnkeyedContainer()
            let inner = try first.nestedContainer(keyedBy: Keys.self, forKey: .inner)
            count = try inner.decode(Int.self, forKey: .d)
            for number in 0..<count {
                #expect(try third.decode(Int.self) == number)
            }
            // Throws for one element too many, and for a break that is missing.
            if !third.isAtEnd { _ = try third.decode(Bool.self) }
            for number in 0..<count {
                #expect(try second.decode(String.self) == "\(number)")
            }
            if !second.isAtEnd { _ = try second.decode(Bool.self) }
            #expect(try first.decode(String.self, forKey: .b) == "after")
            #expect(try container.decode(Bool.self, forKey: .c))
            #expect(container.allKeys.count == 3)
            #expect(container.contains(.a))
            #expect(!container.contains(.d))
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            var first = container.nestedContainer(keyedBy: Keys.self, forKey: .a)
            var inner = first.nestedContainer(keyedBy: Keys.self, forKey: .inner)
            var second = container.nestedUnkeyedContainer(forKey: .b)
            var third = second.nestedUnkeyedContainer()
            for number in 0..<count {
                try third.encode(number)
                try second.encode("\(number)")
            }
            try container.encode(true, forKey: .c)
            try inner.encode(count, forKey: .d)
            try first.encode("after", forKey: .b)
        }
    }

    @Test(arguments: [0, 1, 5, 100])
    func containersMayBeUsedInTurns(count: Int) throws {
        try expectRoundTrip(Interleaved(count: count))
        try expectRoundTrip([Interleaved(count: count), Interleaved(count: 3)])
        try expectRoundTrip(["x": [Interleaved(count: count)]])
    }

    private struct Attempts: Codable, Equatable {
        var number: Int

        init(number: Int) { self.number = number }

        init(from decoder: any Decoder) throws {
            let single = try decoder.singleValueContainer()
            #expect(!single.decodeNil())
            if let text = try? single.decode(String.self) {
                number = Int(text) ?? 0
            } else if var list = try? decoder.unkeyedContainer() {
                #expect(throws: DecodingError.self) { try list.decode(String.self) }
                #expect(list.currentIndex == 0)
                #expect(try !list.decodeNil())
                number = try list.decode(Int.self)
            } else {
                number = try decoder.container(keyedBy: Keys.self).decode(Int.self, forKey: .a)
            }
        }
    }

    @Test func oneValueMayBeTriedInSeveralWays() throws {
        let input = bytes("83 6131 84 02 03 04 05 a2 6161 03 6162 80")
        #expect(try decoded([Attempts].self, input) == [1, 2, 3].map { Attempts(number: $0) })
    }

    private struct Partial: Encodable {
        struct Refusal: Error {}
        struct Refusing: Encodable {
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Keys.self)
                try container.encode("half", forKey: .a)
                throw Refusal()
            }
        }
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            try container.encode(1, forKey: .a)
            try? container.encode(Refusing(), forKey: .b)
            var list = container.nestedUnkeyedContainer(forKey: .list)
            try? list.encode(Refusing())
            try list.encode(2)
        }
    }

    @Test func aValueThatThrowsLeavesNoTrace() throws {
        #expect(try encoded(Partial()) == bytes("a2616101646c6973748102"))
    }

    /// Goes on with a container after its parent went on, so that it is in a run of its own when a sibling throws.
    private struct Detaching: Encodable {
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            var list = container.nestedUnkeyedContainer(forKey: .list)
            try list.encode(1)
            try? container.encode(Partial.Refusing(), forKey: .a)
            try list.encode(2)
            try container.encode(3, forKey: .b)
        }
    }

    @Test func aValueThatThrowsTakesNoSiblingWithIt() throws {
        #expect(try encoded(Detaching()) == bytes("a2 646c697374 820102 6162 03"))
    }

    private struct Misusing: Encodable {
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            try container.encode(1, forKey: .a)
            _ = encoder.unkeyedContainer()
        }
    }

    private struct Twice: Encodable {
        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(1)
            try container.encode(2)
        }
    }

    private struct Silent: Codable, Equatable {
        init() {}
        init(from decoder: any Decoder) throws {}
        func encode(to encoder: any Encoder) throws {}
    }

    @Test func misuseIsAnError() throws {
        #expect(#expect(throws: CodecError.self) { try encoded(Misusing()) }?.code == .misuse)
        #expect(#expect(throws: CodecError.self) { try encoded([Twice()]) }?.code == .misuse)
        #expect(try encoded(Silent()) == [0xa0])
        try expectRoundTrip([Silent(), Silent()])
    }

    private struct Hoarder: Codable {
        nonisolated(unsafe) static var encoders: [any UnkeyedEncodingContainer] = []
        nonisolated(unsafe) static var decoders: [any UnkeyedDecodingContainer] = []
        init() {}
        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            _ = try container.decode(Int.self)
            Self.decoders.append(container)
        }
        func encode(to encoder: any Encoder) throws {
            var container = encoder.unkeyedContainer()
            try container.encode(1)
            try container.encode("two")
            Self.encoders.append(container)
        }
    }

    @Test func containersThatOutliveTheCallAreHarmless() throws {
        var input: [UInt8] = try encoded([Hoarder(), Hoarder()])
        _ = try decoded([Hoarder].self, input)
        input = []
        #expect(Hoarder.encoders.count == 2)
        for var container in Hoarder.encoders {
            #expect(throws: (any Error).self) { try container.encode(String(repeating: "x", count: 100_000)) }
        }
        for var container in Hoarder.decoders {
            #expect(throws: (any Error).self) { try container.decode(String.self) }
        }
    }

    private struct Informed: Codable, Equatable {
        static let key: CodingUserInfoKey = {
            guard let key = CodingUserInfoKey(rawValue: "informed") else { preconditionFailure("a key of text") }
            return key
        }()
        var text: String
        var path: [String]
        init(text: String, path: [String]) {
            self.text = text
            self.path = path
        }
        init(from decoder: any Decoder) throws {
            text = try decoder.singleValueContainer().decode(String.self)
            text += decoder.userInfo[Self.key] as? String ?? "nothing"
            path = decoder.codingPath.map(\.stringValue)
        }
        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            let path = encoder.codingPath.map(\.stringValue).joined(separator: "/")
            try container.encode("\(encoder.userInfo[Self.key] as? String ?? "nothing") \(path) ")
        }
    }

    @Test func userInfoAndPathsArrive() throws {
        let encoder = CBOREncoder(userInfo: [Informed.key: "told"])
        let decoder = CBORDecoder(userInfo: [Informed.key: "heard"])
        let input = try encoded(["k": [Informed(text: "", path: [])]], encoder)
        let value = try decoded([String: [Informed]].self, input, decoder)
        #expect(value == ["k": [Informed(text: "told k/Index 0 heard", path: ["k", "Index 0"])]])
    }
}
