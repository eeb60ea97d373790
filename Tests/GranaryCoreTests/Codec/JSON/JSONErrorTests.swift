import Foundation
import GranaryCore
import Testing

/// The errors for wrong values: kind and path as Foundation has them.
struct JSONErrorTests {
    private struct Inner: Codable {
        var number: Int8
        var list: [Int]
        var table: [String: Double]
        var kind: Kind?
        var id: UUID?
    }

    private enum Kind: String, Codable { case one }

    private struct Outer: Codable {
        var inners: [Inner]
        var byName: [String: Inner]
        var at: Date
        var data: Data?
        var url: URL?
    }

    @Test(arguments: [
        #"{}"#, #"[]"#, #"null"#, #"1"#, #""x""#,
        #"{"inners":null,"byName":{},"at":1}"#,
        #"{"inners":{},"byName":{},"at":1}"#,
        #"{"inners":[],"byName":[],"at":1}"#,
        #"{"inners":[],"byName":null,"at":1}"#,
        #"{"inners":[],"byName":{},"at":"x"}"#,
        #"{"inners":[],"byName":{},"at":null}"#,
        #"{"inners":[],"byName":{},"at":1,"data":"%"}"#,
        #"{"inners":[],"byName":{},"at":1,"data":5}"#,
        #"{"inners":[],"byName":{},"at":1,"url":5}"#,
        #"{"inners":[null],"byName":{},"at":1}"#,
        #"{"inners":[{}],"byName":{},"at":1}"#,
        #"{"inners":[{"number":300,"list":[],"table":{}}],"byName":{},"at":1}"#,
        #"{"inners":[{"number":1.5,"list":[],"table":{}}],"byName":{},"at":1}"#,
        #"{"inners":[{"number":"1","list":[],"table":{}}],"byName":{},"at":1}"#,
        #"{"inners":[{"number":null,"list":[],"table":{}}],"byName":{},"at":1}"#,
        #"{"inners":[{"number":true,"list":[],"table":{}}],"byName":{},"at":1}"#,
        #"{"inners":[{"number":1,"list":[1,"2"],"table":{}}],"byName":{},"at":1}"#,
        #"{"inners":[{"number":1,"list":[1,2,null],"table":{}}],"byName":{},"at":1}"#,
        #"{"inners":[{"number":1,"list":[1,2,0.5],"table":{}}],"byName":{},"at":1}"#,
        #"{"inners":[],"byName":{"x":{"number":1,"list":[],"table":{"k":"v"}}},"at":1}"#,
        #"{"inners":[],"byName":{"x":{"number":1,"list":[],"table":{"k":null}}},"at":1}"#,
        #"{"inners":[],"byName":{"x":{"number":1,"list":[],"table":{"a":1,"k":[]}}},"at":1}"#,
        #"{"inners":[],"byName":{"x":{"number":1,"list":[],"table":{},"kind":"two"}},"at":1}"#,
        #"{"inners":[],"byName":{"x":{"number":1,"list":[],"table":{},"kind":2}},"at":1}"#,
        #"{"inners":[],"byName":{"x":{"number":1,"list":[],"table":{},"id":"two"}},"at":1}"#,
    ])
    func sameKindAndPath(text: String) {
        let own = #expect(throws: DecodingError.self) { try parsed(Outer.self, text) }
        let foundations = #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Outer.self, from: Data(text.utf8))
        }
        guard let own, let foundations else { return }
        // Of numbers that do not fit, Foundation does not say where they are.
        if case .dataCorrupted(let context) = foundations, context.codingPath.isEmpty {
            #expect(summary(of: own).hasPrefix("dataCorrupted at inners.[0]."))
        } else {
            #expect(summary(of: own) == summary(of: foundations))
        }
    }

    @Test func endOfAnArray() throws {
        struct Three: Decodable {
            init(from decoder: any Decoder) throws {
                var list = try decoder.unkeyedContainer()
                for _ in 0..<3 { _ = try list.decode(Int.self) }
            }
        }
        let own = #expect(throws: DecodingError.self) { try parsed([Three].self, "[[1,2]]") }
        #expect(own.map(summary(of:)) == "valueNotFound at [0].[2]")
    }

    @Test func messagesDoNotShowTheData() throws {
        let error = #expect(throws: DecodingError.self) { try parsed([String: Int].self, #"{"a": "secret"}"#) }
        #expect(error.map { "\($0)".contains("secret") } == false)
        #expect(error.map { "\($0)".contains("at byte 7") } == true)
    }
}
