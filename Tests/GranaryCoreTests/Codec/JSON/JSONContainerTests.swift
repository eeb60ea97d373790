import Foundation
import GranaryCore
import Testing

/// Handwritten conformances: containers in unusual orders, superclasses, errors that are caught.
struct JSONContainerTests {
    private enum Key: String, CodingKey { case a, b, c, list, part }

    private struct Closure: Encodable {
        let body: (any Encoder) throws -> Void
        func encode(to encoder: any Encoder) throws { try body(encoder) }
    }

    private struct Reader<Result>: Decodable {
        let result: Result
        init(from decoder: any Decoder) throws {
            guard let body = decoder.userInfo[bodyKey] as? Body<Result> else { throw CancellationError() }
            result = try body.run(decoder)
        }
    }

    private final class Body<Result>: @unchecked Sendable {
        // Used by one decoding, on one thread.
        let run: (any Decoder) throws -> Result
        init(_ run: @escaping (any Decoder) throws -> Result) { self.run = run }
    }

    private func read<Result>(_ text: String, _ body: @escaping (any Decoder) throws -> Result) throws -> Result {
        let decoder = JSONStateDecoder(userInfo: Dictionary(uniqueKeysWithValues: [(bodyKey, Body(body))]))
        return try decoder.decode(Reader<Result>.self, from: Array(text.utf8)).result
    }

    private func same(_ body: @escaping (any Encoder) throws -> Void, _ expected: String) throws {
        #expect(try json(Closure(body: body)) == expected)
    }

    @Test func nestedContainers() throws {
        try same(
            { encoder in
                var root = encoder.container(keyedBy: Key.self)
                var list = root.nestedUnkeyedContainer(forKey: .list)
                try list.encode(1)
                var part = list.nestedContainer(keyedBy: Key.self)
                try part.encode("x", forKey: .a)
                try list.encodeNil()
                try root.encode(2, forKey: .b)
                try list.encode(3)
                try part.encode("y", forKey: .b)
                try root.encode([4], forKey: .c)
            }, #"{"list":[1,{"a":"x","b":"y"},null,3],"b":2,"c":[4]}"#)
    }

    @Test func oneNestedContainerForOneKey() throws {
        try same(
            { encoder in
                var root = encoder.container(keyedBy: Key.self)
                var part = root.nestedContainer(keyedBy: Key.self, forKey: .part)
                try part.encode(1, forKey: .a)
                try root.encode(2, forKey: .b)
                var again = root.nestedContainer(keyedBy: Key.self, forKey: .part)
                try again.encode(3, forKey: .c)
                try part.encode(4, forKey: .b)
            }, #"{"part":{"a":1,"c":3,"b":4},"b":2}"#)
    }

    @Test func oneContainerForOneValue() throws {
        try same(
            { encoder in
                var root = encoder.container(keyedBy: Key.self)
                try root.encode(1, forKey: .a)
                var again = encoder.container(keyedBy: Key.self)
                try again.encode(2, forKey: .b)
                try root.encode(3, forKey: .c)
            }, #"{"a":1,"b":2,"c":3}"#)
    }

    @Test func superEncoders() throws {
        try same(
            { encoder in
                var root = encoder.container(keyedBy: Key.self)
                try 1.encode(to: root.superEncoder())
                var part = root.superEncoder(forKey: .part).container(keyedBy: Key.self)
                try part.encode(2, forKey: .a)
                _ = root.superEncoder(forKey: .c)
                var list = root.nestedUnkeyedContainer(forKey: .list)
                try "x".encode(to: list.superEncoder())
            }, #"{"super":1,"part":{"a":2},"c":{},"list":["x"]}"#)
    }

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

        private enum CodingKeys: String, CodingKey { case tricks }

        required init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            tricks = try container.decode([String].self, forKey: .tricks)
            try super.init(from: container.superDecoder())
        }

        override func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(tricks, forKey: .tricks)
            try super.encode(to: container.superEncoder())
        }
    }

    @Test func inheritance() throws {
        let text = try json(Dog(name: "Rex", tricks: ["sit"]))
        #expect(text == #"{"tricks":["sit"],"super":{"name":"Rex"}}"#)
        for dog in [try parsed(Dog.self, text), try JSONDecoder().decode(Dog.self, from: Data(text.utf8))] {
            #expect(dog.name == "Rex")
            #expect(dog.tricks == ["sit"])
        }
    }

    @Test func caughtErrorsLeaveNothing() throws {
        struct Refusal: Error {}
        let refusing = Closure { encoder in
            var list = encoder.unkeyedContainer()
            try list.encode(1)
            throw Refusal()
        }
        try same(
            { encoder in
                var root = encoder.container(keyedBy: Key.self)
                var list = root.nestedUnkeyedContainer(forKey: .list)
                try list.encode(1)
                try? root.encode(refusing, forKey: .a)
                try? root.encode(Double.nan, forKey: .b)
                try? list.encode(Double.infinity)
                try? list.encode(refusing)
                try list.encode(2)
                try root.encode(3, forKey: .c)
            }, #"{"list":[1,2],"c":3}"#)
        #expect(throws: Refusal.self) { try json([refusing]) }
    }

    @Test func misuse() {
        #expect(throws: EncodingError.self) { try json(Closure { _ in }) }
        #expect(throws: EncodingError.self) {
            try json(
                Closure { encoder in
                    _ = encoder.unkeyedContainer()
                    _ = encoder.container(keyedBy: Key.self)
                })
        }
        #expect(throws: EncodingError.self) {
            try json(
                Closure { encoder in
                    var container = encoder.singleValueContainer()
                    try container.encode(1)
                    try container.encode(2)
                })
        }
    }

    @Test func keptDecodersFindNothing() throws {
        let decoder = try read(#"{"a":1}"#) { $0 }
        #expect(throws: DecodingError.self) { try decoder.container(keyedBy: Key.self) }
        #expect(throws: DecodingError.self) { try decoder.singleValueContainer().decode(Int.self) }
        let container = try read(#"{"a":[1]}"#) { try $0.container(keyedBy: Key.self) }
        #expect(throws: DecodingError.self) { try container.decode(Int.self, forKey: .a) }
        #expect(container.allKeys.isEmpty)
        var list = try read("[1,2]") { try $0.unkeyedContainer() }
        #expect(throws: DecodingError.self) { _ = try list.decode(Int.self) }
    }

    @Test func keyedReading() throws {
        try read(#"{"b": null, "x": 0, "a" : 1, "list": [1, [2]], "part": {"a": 5}}"#) { decoder in
            let root = try decoder.container(keyedBy: Key.self)
            #expect(Set(root.allKeys) == [.a, .b, .list, .part])
            #expect(root.contains(.b) && !root.contains(.c))
            #expect(try root.decodeNil(forKey: .b))
            #expect(try !root.decodeNil(forKey: .a))
            #expect(try root.decodeIfPresent(Int.self, forKey: .b) == nil)
            #expect(try root.decodeIfPresent([Int?].self, forKey: .c) == nil)
            #expect(try root.decode(Int.self, forKey: .a) == 1)
            #expect(try root.decode(Int.self, forKey: .a) == 1)
            var list = try root.nestedUnkeyedContainer(forKey: .list)
            #expect(list.count == 2)
            #expect(try list.decode(Int.self) == 1)
            #expect(try !list.decodeNil())
            var inner = try list.nestedUnkeyedContainer()
            #expect(try inner.decode(Int8.self) == 2)
            #expect(list.isAtEnd && inner.isAtEnd)
            #expect(try root.nestedContainer(keyedBy: Key.self, forKey: .part).decode(Int.self, forKey: .a) == 5)
            #expect(try root.superDecoder(forKey: .c).singleValueContainer().decodeNil())
        }
    }

    @Test func theLastOfEqualKeysCounts() throws {
        struct Pair: Codable, Equatable {
            var a: Int
            var b: Int
        }
        #expect(try parsed(Pair.self, #"{"a":1,"b":2,"a":3}"#) == Pair(a: 3, b: 2))
        #expect(try parsed(Pair.self, #"{"\u0061":1,"b":2,"a":3,"\u0062":4}"#) == Pair(a: 3, b: 4))
        #expect(try parsed([String: Int].self, #"{"a":1,"a":2}"#) == ["a": 2])
        #expect(try parsed([String: Pair].self, #"{"x":0,"x":{"a":1,"b":2}}"#) == ["x": Pair(a: 1, b: 2)])
        let many = (0..<50).map { #""k\#($0)":0"# }.joined(separator: ",")
        #expect(try parsed(Pair.self, #"{"a":1,"b":1,\#(many),"b":2,"\u0061":3}"#) == Pair(a: 3, b: 2))
    }

    @Test func orderAndSpaceMeanNothing() throws {
        struct Sample: Codable, Equatable {
            var one: Int
            var two: [String: Int]
            var three: String?
        }
        let expected = Sample(one: 1, two: ["a": 1, "b": 2], three: "x")
        #expect(
            try parsed(Sample.self, "\t{\n\"three\" : \"x\" ,\r\n\"two\": { \"b\" :2, \"a\" : 1 } , \"one\": 1 } \n")
                == expected)
        #expect(try parsed(Sample.self, #"{"th\u0072ee":"\u0078","two":{"a":1,"\u0062":2},"one":1}"#) == expected)
    }
}

private let bodyKey: CodingUserInfoKey = {
    guard let key = CodingUserInfoKey(rawValue: "body") else { preconditionFailure("a name is always a key") }
    return key
}()
