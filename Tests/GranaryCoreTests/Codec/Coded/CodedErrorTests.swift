import FoundationEssentials
import NIOCore
import Testing

@testable import GranaryCore

/// What is wrong with an input is said in the same words whether the type is marked or not.
struct CodedErrorTests {
    /// What a decoding comes to, as text that can be compared.
    private func outcome<Value: Codable>(_ type: Value.Type, _ input: [UInt8]) -> String {
        do {
            return "\(try encoded(try decoded(type, input)))"
        } catch let error as CodecError {
            return error.description
        } catch {
            return "\(error)"
        }
    }

    private func outcome<Value: Codable>(_ type: Value.Type, json: [UInt8]) -> String {
        do {
            return "\(try JSONStateEncoder().encode(try JSONStateDecoder().decode(type, from: json)))"
        } catch {
            return summary(of: error) + " " + message(of: error)
        }
    }

    private func message(of error: any Error) -> String {
        switch error {
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.keyNotFound(_, let context), DecodingError.dataCorrupted(let context):
            context.debugDescription
        default: ""
        }
    }

    private func mutate(_ input: inout [UInt8], _ generator: inout SeededGenerator) {
        guard !input.isEmpty else { return }
        let place = Int.random(in: 0..<input.count, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: input[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: input[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2: input.remove(at: place)
        case 3: input.insert(UInt8.random(in: 0...255, using: &generator), at: place)
        case 4: input.insert(contentsOf: input[place..<min(input.count, place + 20)], at: place)
        default: input.removeSubrange(place..<min(input.count, place + 3))
        }
    }

    @Test func spoiltBytes() async throws {
        var generator = SeededGenerator(seed: 44)
        var failures: Set<String> = []
        for round in 0..<3_000 {
            // Others run beside it, whose calls have a time to keep.
            if round % 20 == 0 { await Task.yield() }
            var input = try encoded(Unmarked.Thing(&generator))
            for _ in 0..<Int.random(in: 1...2, using: &generator) { mutate(&input, &generator) }
            let plain = outcome(Unmarked.Thing.self, input)
            let marked = outcome(Marked.Thing.self, input)
            guard plain.replacing("Unmarked", with: "Marked") == marked else {
                Issue.record("round \(round): \(plain) is not \(marked)")
                return
            }
            if !plain.hasPrefix("[") { failures.insert(String(plain.prefix { $0 != ":" && $0 != " " })) }
        }
        #expect(failures.count >= 6, "\(failures)")
    }

    @Test func spoiltText() async throws {
        var generator = SeededGenerator(seed: 45)
        var survivors = 0
        for round in 0..<3_000 {
            // Others run beside it, whose calls have a time to keep.
            if round % 20 == 0 { await Task.yield() }
            var input = try JSONStateEncoder().encode(Unmarked.Thing(&generator))
            mutate(&input, &generator)
            let plain = outcome(Unmarked.Thing.self, json: input)
            let marked = outcome(Marked.Thing.self, json: input)
            guard plain.replacing("Unmarked", with: "Marked") == marked else {
                Issue.record("round \(round): \(plain) is not \(marked)")
                return
            }
            if plain.hasPrefix("[") { survivors += 1 }
        }
        #expect(survivors > 50)
    }

    @Test(arguments: [
        // Not a map; a key missing; twice, apart and side by side; unknown keys twice; null; another type inside.
        "80", "a0", "a2 646e657874 f6 646e657874 f6", "a3 646e657874 f6 617801 646e657874 f6", "a2 617801 617802",
        "a1 646e657874 f6", "a1 646e657874 81 01", "a1 646e657874 81 a1 646e657874 82a001", "bf 646e657874 80 ff",
        "bf 646e657874 80", "a1 7f646e657874ff 80", "c1 a1 646e657874 80", "a1 646e657874 9fff", "a1 01 02", "a1",
        "a1 646e657874", "b8 01 646e657874 80", "a1 6178 8181818181", "ff", "a1 64ffffffff 00",
    ])
    func oddChains(hex: String) {
        #expect(outcome(Marked.Chain.self, bytes(hex)) == outcome(Unmarked.Chain.self, bytes(hex)))
        #expect(outcome([Marked.Chain].self, bytes("81" + hex)) == outcome([Unmarked.Chain].self, bytes("81" + hex)))
    }

    @Test(arguments: [
        "a1 65656d707479 a0", "a1 66636972636c65 a1 625f30 f93c00", "a2 65656d707479 a0 617801", "a0", "80",
        "a2 65656d707479 a0 66636972636c65 a1 625f30 f93c00", "a1 617801", "a1 66636972636c65 a0",
        "a1 65656d707479 a1 617801", "a1 65656d707479 80", "bf 65656d707479 a0 ff", "a1 63626f78 a1 657769647468 01",
        "a1 63626f78 a2 66686569676874 02 657769647468 01", "a1 63626f78 a2 657769647468 01 657769647468 01",
    ])
    func oddShapes(hex: String) {
        let outcomes = [outcome(Marked.Shape.self, bytes(hex)), outcome(Unmarked.Shape.self, bytes(hex))]
        #expect(outcomes[0].replacing("Unmarked", with: "Marked") == outcomes[1].replacing("Unmarked", with: "Marked"))
    }

    @Test(arguments: [
        "{}", "[]", "null", #"{"next":null}"#, #"{"next":[{"next":1}]}"#, #"{"next":[],"next":null}"#,
        #"{"next":[{}],"x":1,"next":[]}"#, #"{"x":1,"x":2}"#, #"{"n\u0065xt":[{}]}"#, #"{"next":[{"next":[{},2]}]}"#,
    ])
    func oddObjects(text: String) {
        #expect(
            outcome(Marked.Chain.self, json: Array(text.utf8)) == outcome(Unmarked.Chain.self, json: Array(text.utf8)))
    }

    @Test func depthIsLimitedAlike() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array(repeatElement(bytes("a1646e65787481"), count: depth).joined()) + bytes("a0")
        }
        func text(_ depth: Int) -> [UInt8] {
            Array((String(repeating: #"{"next":["#, count: depth) + "{}" + String(repeating: "]}", count: depth)).utf8)
        }
        for depth in [1, 62, 63, 64, 65, 300, 10_000] {
            #expect(outcome(Marked.Chain.self, nested(depth)) == outcome(Unmarked.Chain.self, nested(depth)))
        }
        for depth in [1, 127, 254, 255, 256, 257, 10_000] {
            #expect(outcome(Marked.Chain.self, json: text(depth)) == outcome(Unmarked.Chain.self, json: text(depth)))
        }
        let tooDeep = (0..<400).reduce(Marked.Chain()) { chain, _ in Marked.Chain(next: [chain]) }
        let alike = (0..<400).reduce(Unmarked.Chain()) { chain, _ in Unmarked.Chain(next: [chain]) }
        let errors = [
            #expect(throws: CodecError.self) { try encoded(tooDeep) },
            #expect(throws: CodecError.self) { try encoded(alike) },
        ]
        #expect(errors[0]?.description == errors[1]?.description)
        #expect(errors[0]?.code == .tooDeep)
        #expect(throws: EncodingError.self) { try json(tooDeep) }
        #expect(throws: EncodingError.self) { try json(alike) }
        #expect(try encoded([tooDeep.next?.first?.next?.first].map { _ in Marked.Chain() }) == bytes("81a0"))
    }

    @Test func whatCannotBeWrittenIsNamed() throws {
        for number in [Double.nan, .infinity] {
            let error = #expect(throws: EncodingError.self) { try json([Marked.Shape.circle(number)]) }
            let other = #expect(throws: EncodingError.self) { try json([Unmarked.Shape.circle(number)]) }
            guard case .invalidValue(_, let context) = error, case .invalidValue(_, let second) = other else {
                Issue.record("no error of encoding")
                return
            }
            #expect(CodecError.names(context.codingPath) == ["0", "circle", "_0"])
            #expect(CodecError.names(second.codingPath) == ["0", "circle", "_0"])
            #expect(context.debugDescription == second.debugDescription)
        }
    }
}
