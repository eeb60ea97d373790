import GranaryCore
import Testing

/// Values written by one version of a type and read by another.
struct CBOREvolutionTests {
    private struct Old: Codable, Equatable {
        var id: Int
        var name: String
    }

    private struct New: Codable, Equatable {
        var note: String?
        var name: String
        var extra: [String: [Int]]?
        var id: Int
    }

    private struct Strict: Codable {
        var id: Int
        var added: Inner
        struct Inner: Codable { var value: Int }
    }

    @Test func addedOptionalFieldsAreNil() throws {
        let value = try decoded(New.self, encoded(Old(id: 7, name: "seven")))
        #expect(value == New(note: nil, name: "seven", extra: nil, id: 7))
    }

    @Test func removedFieldsArePassedOver() throws {
        let value = New(note: "long", name: "seven", extra: ["x": [1, 2], "y": []], id: 7)
        #expect(try decoded(Old.self, encoded(value)) == Old(id: 7, name: "seven"))
        #expect(
            try decoded([Old].self, encoded([value, value])) == [Old(id: 7, name: "seven"), Old(id: 7, name: "seven")])
    }

    @Test func missingFieldsAreNamedWithTheirPath() throws {
        let error = #expect(throws: CodecError.self) { try decoded([Strict].self, encoded([Old(id: 1, name: "")])) }
        #expect(error?.code == .missingKey)
        #expect(error?.path == ["0"])
        #expect(error?.message.contains("added") == true)
        let inner = #expect(throws: CodecError.self) {
            try decoded([String: Strict].self, bytes("a16161a262696401656164646564a16576616c75656178"))
        }
        #expect(inner?.code == .typeMismatch)
        #expect(inner?.path == ["a", "added", "value"])
    }

    @Test func anyOrderOfKeysIsRead() throws {
        struct Wide: Codable, Equatable {
            var a = 1, b = 2, c = 3, d = 4, e = 5, f = 6
        }
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            var input: [UInt8] = [0xa8]
            let keys = [("a", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 5), ("f", 6), ("x", 9), ("yy", 900)]
            for (key, number) in keys.shuffled(using: &generator) { input += try encoded(key) + encoded(number) }
            #expect(try decoded(Wide.self, input) == Wide())
        }
    }

    @Test func manyUnknownKeysArePassedOver() throws {
        var input: [UInt8] = [0xb9, 0x03, 0xea]
        for number in 0..<500 { input += try encoded("unknown \(number)") + encoded(["x": [number]]) }
        input += try encoded("name") + encoded("last")
        for number in 500..<1000 { input += try encoded("unknown \(number)") + encoded(["x": [number]]) }
        input += try encoded("id") + encoded(3)
        #expect(try decoded(Old.self, input) == Old(id: 3, name: "last"))
    }

    @Test func unusualKeysArePassedOver() throws {
        // Keys that are an integer, a byte string, an array, and text in chunks.
        let input = bytes("a6 01 02 4161 02 8101 02 7f6269646169ff 00 626964 05 646e616d65 616e")
        #expect(try decoded(Old.self, input) == Old(id: 5, name: "n"))
        #expect(try decoded(Old.self, bytes("a2 7f61696164ff 05 646e616d65 616e")) == Old(id: 5, name: "n"))
    }

    @Test func unusualKeysInDictionaries() throws {
        let input = bytes("bf 01 04 6161 02 4161 f4 7f61626163ff 03 ff")
        #expect(try decoded([String: Int].self, input) == ["1": 4, "a": 2, "bc": 3])
        #expect(try decoded([String: [Int]].self, bytes("a3 6161 8101 00 80 4161 05")) == ["a": [1], "0": []])
    }

    @Test func nullIsMissing() throws {
        #expect(
            try decoded(New.self, bytes("a4646e6f7465f6646e616d656161656578747261f762696401"))
                == New(note: nil, name: "a", extra: nil, id: 1))
    }
}
