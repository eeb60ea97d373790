import FoundationEssentials
import NIOCore
import Testing

@testable import GranaryCore

/// Marked types with parts that write and read themselves in ways of their own.
struct CodedForeignTests {
    private struct Refusal: Error {}

    /// Knows what `userInfo` says, and refuses what it is told to.
    fileprivate struct Foreign: Codable, Equatable {
        static var key: CodingUserInfoKey { CodingUserInfoKey(rawValue: "test") ?? .grainRuntime }

        var text: String

        init(_ text: String) { self.text = text }

        init(from decoder: any Decoder) throws {
            let inner = try decoder.container(keyedBy: CodingKeys.self).decode([String].self, forKey: .text)
            if inner == ["refuse"] { throw Refusal() }
            text = inner.joined() + (decoder.userInfo[Self.key] as? String ?? "")
        }

        func encode(to encoder: any Encoder) throws {
            if text == "refuse writing" { throw Refusal() }
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode([text, encoder.userInfo[Self.key] as? String ?? ""], forKey: .text)
        }

        enum CodingKeys: CodingKey { case text }
    }

    @Coded struct Holder: Equatable {
        fileprivate var before = 1
        fileprivate var foreign: Foreign
        fileprivate var maybe: Foreign?
        fileprivate var after = [Inner()]
    }

    /// Not marked itself, but it has a part that is.
    struct Inner: Codable, Equatable {
        var flags = Marked.Flags(rawValue: 3)
        var shape = Marked.Shape.circle(1)
    }

    @Test func partsSeeTheUserInfo() throws {
        let info: [CodingUserInfoKey: any Sendable] = [Foreign.key: "!"]
        let holder = Holder(foreign: Foreign("a"), maybe: Foreign("b"))
        let bytes = try encoded([holder], CBOREncoder(userInfo: info))
        let expected = Holder(foreign: Foreign("a!?"), maybe: Foreign("b!?"))
        #expect(try decoded([Holder].self, bytes, CBORDecoder(userInfo: [Foreign.key: "?"])) == [expected])
        let text = try JSONStateEncoder(userInfo: info).encode(holder)
        #expect(try JSONStateDecoder(userInfo: [Foreign.key: "?"]).decode(Holder.self, from: text) == expected)
        #expect(try decoded(Holder.self, encoded(Holder(foreign: Foreign("")))) == Holder(foreign: Foreign("")))
    }

    @Test func errorsOfPartsArriveAsTheyAre() throws {
        #expect(throws: Refusal.self) { try encoded(["a": Holder(foreign: Foreign("refuse writing"))]) }
        #expect(throws: Refusal.self) { try json(Holder(foreign: Foreign("refuse writing"))) }
        #expect(throws: Refusal.self) {
            try parsed(Holder.self, #"{"before":1,"foreign":{"text":["refuse"]},"after":[]}"#)
        }
        let error = #expect(throws: CodecError.self) {
            try decoded(
                [Holder].self, bytes("81 a3 666265666f7265 01 67666f726569676e a1 6474657874 81 05 656166746572 80"))
        }
        #expect(error?.path == ["0", "foreign", "text"])
    }

    /// Uses the encoder around it while a marked value is being written.
    fileprivate struct Meddler: Codable {
        final class Place: @unchecked Sendable { var container: (any UnkeyedEncodingContainer)? }
        @TaskLocal static var place: Place?

        func encode(to encoder: any Encoder) throws {
            try Self.place?.container?.encode("meddling")
            try "alone".encode(to: encoder)
        }
    }

    @Coded struct MeddlerHolder {
        fileprivate var meddler = Meddler()
    }

    private struct Around: Encodable {
        func encode(to encoder: any Encoder) throws {
            var container = encoder.unkeyedContainer()
            Meddler.place?.container = container
            try container.encode(MeddlerHolder())
        }
    }

    @Test func nobodyWritesBetweenTheParts() {
        Meddler.$place.withValue(Meddler.Place()) {
            let error = #expect(throws: CodecError.self) { try encoded(Around()) }
            #expect(error?.code == .misuse)
            #expect(throws: EncodingError.self) { try json(Around()) }
        }
    }
}
