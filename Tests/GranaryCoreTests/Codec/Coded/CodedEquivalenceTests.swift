import FoundationEssentials
import NIOCore
import Testing

@testable import GranaryCore

/// Marked types and the same types without the mark are one to whoever reads what they write.
struct CodedEquivalenceTests {
    /// The value of another type that has the same form.
    private func twin<Value: Codable, Twin: Codable>(_ value: Value, _ type: Twin.Type) throws -> Twin {
        try decoded(type, encoded(value))
    }

    @Test func bothWriteTheSameAndReadEachOther() throws {
        var generator = SeededGenerator(seed: 4)
        for round in 0..<400 {
            let plain = Unmarked.Thing(&generator)
            let marked = try twin(plain, Marked.Thing.self)
            let bytes = try encoded(plain)
            #expect(try encoded(marked) == bytes, "round \(round)")
            #expect(try twin(marked, Unmarked.Thing.self) == plain, "round \(round)")
            let text = try JSONStateEncoder().encode(plain)
            #expect(try JSONStateEncoder().encode(marked) == text, "round \(round)")
            #expect(try JSONStateDecoder().decode(Marked.Thing.self, from: text) == marked, "round \(round)")
            #expect(try JSONStateDecoder().decode(Unmarked.Thing.self, from: text) == plain, "round \(round)")
        }
    }

    @Test func inContainersBothWriteTheSame() throws {
        var generator = SeededGenerator(seed: 5)
        for count in [0, 1, 23, 24, 40] {
            let plain = (0..<count).map { _ in Unmarked.Thing(&generator) }
            let marked = try twin(plain, [Marked.Thing].self)
            #expect(try encoded(marked) == encoded(plain))
            #expect(try encoded(marked.map(Optional.init)) == encoded(plain.map(Optional.init)))
            #expect(try encoded(["a": marked]) == encoded(["a": plain]))
            #expect(try encoded([[marked]]) == encoded([[plain]]))
            #expect(try json(["a": marked]) == json(["a": plain]))
            #expect(try json([nil, marked]) == json([nil, plain]))
            #expect(
                try decoded([String: [Unmarked.Thing]?].self, encoded(["a": marked, "b": nil])) == [
                    "a": plain, "b": nil,
                ])
        }
    }

    @Test func largeDictionariesAreReadByBoth() throws {
        let plain = Dictionary(uniqueKeysWithValues: (0..<100).map { ("key \($0)", Unmarked.Item($0, text: "\($0)")) })
        let marked = try twin(plain, [String: Marked.Item].self)
        #expect(marked.count == 100)
        #expect(try twin(marked, [String: Unmarked.Item].self) == plain)
        #expect(try parsed([String: Unmarked.Item].self, json(marked)) == plain)
        #expect(try parsed([String: Marked.Item].self, json(plain)) == marked)
    }

    @Test func manyFieldsAreOneMap() throws {
        for value in [
            Unmarked.Wide(), Unmarked.Wide(a3: 1, b9: "x", c7: 8),
            Unmarked.Wide(
                a0: 1, a1: 2, a2: 3, a3: 4,
                a4: 5, a5: 6, a6: 7, a7: 8, a8: 9, a9: 10, b0: "0", b1: "1", b2: "2", b3: "3", b4: "4", b5: "5", b6: "6"
            ),
        ] {
            let marked = try twin(value, Marked.Wide.self)
            #expect(try encoded(marked) == encoded(value))
            #expect(try json(marked) == json(value))
            #expect(try parsed(Unmarked.Wide.self, json(marked)) == value)
            #expect(try twin(marked, Unmarked.Wide.self) == value)
        }
        #expect(try encoded(Marked.Empty()) == encoded(Unmarked.Empty()))
        #expect(try json(Marked.Empty()) == "{}")
        #expect(try json([Marked.Flags(rawValue: 5)]) == "[5]")
        #expect(try json([Marked.Kind.small]) == #"["little"]"#)
    }

    /// The types would pass every other test here if `Codable` did all the work.
    @Test func markedTypesReadAndWriteThemselves() throws {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<100 {
            let thing = try twin(Unmarked.Thing(&generator), Marked.Thing.self)
            #expect(try directBytes(thing) == encoded(thing))
            #expect(try directText(thing) == json(thing))
            #expect(try directly(Marked.Thing.self, encoded(thing)) == thing)
            #expect(try directly(Marked.Thing.self, json: json(thing)) == thing)
        }
    }

    /// A database has an order of its own, and writers of other versions may have, too.
    @Test func fieldsInAnyOrder() throws {
        let fields = [
            #""empty":true"#, #""default":"d""#, #""unknown":[{"long":1}]"#,
            #""a key of more than twenty-three bytes, ÄÖÜ":3"#,
        ]
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<50 {
            let keys =
                fields.shuffled(using: &generator)
                .map { $0.replacing("\"empty\"", with: "\"\"") } + [#""\"\\\n\u0001\/":["q"]"#]
            let text = "{" + keys.joined(separator: " , ") + "}"
            let expected = Marked.Renamed(long: 3, default: "d", empty: true, quoted: ["q"])
            #expect(try directly(Marked.Renamed.self, json: text) == expected, "\(text)")
            #expect(try parsed(Unmarked.Renamed.self, text) == twin(expected, Unmarked.Renamed.self))
        }
    }

    /// What is in order, apart from fields that are missing or that nobody knows, needs no help.
    @Test func changedVersionsAreReadDirectly() throws {
        let input = bytes("a4 617801 656c6162656c 617a 617902 68656c656d656e7473 80")
        #expect(throws: CBORFault.self) { try directly(Marked.Page<Int, Int>.self, input) }
        #expect(try decoded(Marked.Page<Int, Int>.self, input) == Marked.Page(elements: [], label: "z"))
        let ordered = bytes("bf 617801 68656c656d656e7473 9f01ff 617902 656c6162656c 617a 617b03 ff")
        #expect(try directly(Marked.Page<Int, Int>.self, ordered) == Marked.Page(elements: [1], label: "z"))
        #expect(try directly(Marked.Page<Int, Int>.self, bytes("a1 68656c656d656e7473 80")) == Marked.Page())
    }
}
