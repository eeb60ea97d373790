import Foundation
import GranaryCore
import Testing

/// Numbers in every notation.
struct JSONNumberTests {
    @Test func integersInAnyNotation() throws {
        for text in [
            "100", "100.0", "1e2", "1E+2", "1.00e2", "1000e-1", "1000.00e-1", "0.1e3", "100.000000000000000000000",
        ] {
            #expect(try parsed(Int.self, text) == 100, "\(text)")
            #expect(try parsed(UInt8.self, text) == 100, "\(text)")
            #expect(try parsed(Int128.self, text) == 100, "\(text)")
            #expect(try parsed(Int.self, "-" + text) == -100, "\(text)")
        }
        for text in ["0", "-0", "0.0", "0e5", "0.000e-7", "-0e99999999999999999999"] {
            #expect(try parsed(Int.self, text) == 0, "\(text)")
        }
        for text in ["0.5", "1.01", "1e-1", "105e-1", "1e99999999999999999999", "1e-99999999999999999999"] {
            expectCorrupted(Int.self, text, byte: 0)
        }
        #expect(try parsed(Int.self, "9007199254740993.0") == 9_007_199_254_740_993)
        let zeros = String(repeating: "0", count: 100_000)
        #expect(try parsed(Int.self, "1" + zeros + "e-100000") == 1)
        #expect(try parsed(Int.self, "0." + zeros + "1e100001") == 1)
    }

    @Test func integersMustFit() throws {
        func extremes<Value: FixedWidthInteger & Codable>(_: Value.Type) throws {
            for value in [Value.min, .max] {
                try expectSameAsFoundation(value)
                #expect(try parsed(Value.self, "\(value).0") == value)
                #expect(try parsed(Value.self, "\(value)e0") == value)
            }
            expectCorrupted(Value.self, "\(Int256Text.increment("\(Value.max)"))", byte: 0)
            expectCorrupted(Value.self, "\(Value.max)0", byte: 0)
            expectCorrupted(Value.self, "-\(Value.max)9", byte: 0)
        }
        try extremes(Int8.self)
        try extremes(Int16.self)
        try extremes(Int32.self)
        try extremes(Int64.self)
        try extremes(Int.self)
        try extremes(UInt8.self)
        try extremes(UInt16.self)
        try extremes(UInt32.self)
        try extremes(UInt64.self)
        try extremes(UInt.self)
        expectCorrupted(UInt.self, "-1", byte: 0)
        expectCorrupted([Int8].self, "[1, 128]", byte: 4)
        #expect(try parsed(Int128.self, json(Int128.min)) == .min)
        #expect(try parsed(UInt128.self, json(UInt128.max)) == .max)
    }

    /// Adds one to a decimal number, whatever its length.
    private enum Int256Text {
        static func increment(_ digits: String) -> String {
            var result: [Character] = []
            var carry = 1
            for digit in digits.reversed() {
                let sum = (digit.wholeNumberValue ?? 0) + carry
                result.append(Character("\(sum % 10)"))
                carry = sum / 10
            }
            return (carry > 0 ? "1" : "") + String(result.reversed())
        }
    }

    @Test func everyDoubleSurvives() throws {
        var generator = SeededGenerator(seed: 754)
        for round in 0..<20_000 {
            var value = Double(bitPattern: generator.next())
            if round % 4 == 1 { value = Double(Int64(bitPattern: generator.next()) >> (round % 64)) / 100 }
            if round % 4 == 2 { value = Double(Int64(bitPattern: generator.next()) >> (round % 64)) }
            guard value.isFinite else { continue }
            #expect(try parsed(Double.self, json(value)).bitPattern == value.bitPattern)
            let float = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
            if float.isFinite { #expect(try parsed(Float.self, json(float)).bitPattern == float.bitPattern) }
        }
        for value in [0.0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .pi, 1e15, 1e16, 1e22, 1e23] {
            #expect(try parsed(Double.self, json(value)).bitPattern == value.bitPattern)
            #expect(try JSONDecoder().decode(Double.self, from: Data(json(value).utf8)).bitPattern == value.bitPattern)
        }
    }

    @Test func plainDecimalsOfADatabase() throws {
        let zeros = String(repeating: "0", count: 300)
        #expect(try parsed(Double.self, "1" + zeros) == 1e300)
        #expect(try parsed(Double.self, "0." + String(repeating: "0", count: 299) + "1") == 1e-300)
        #expect(try parsed(Double.self, "-12.50") == -12.5)
        #expect(try parsed(Float.self, "1" + String(repeating: "0", count: 30)) == 1e30)
        #expect(try parsed(Double.self, "9007199254740993") == 9_007_199_254_740_992)
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2000 {
            let digits = "\(generator.next() >> generator.next() % 64)"
            let text = "\(digits)e\(Int.random(in: -40...40, using: &generator))"
            #expect(try parsed(Double.self, text) == Double(text), "\(text)")
            #expect(try parsed(Float.self, text) == Float(text) || Float(text)?.isFinite == false, "\(text)")
        }
    }

    @Test func notWritable() {
        struct Sample: Codable {
            var values: [String: Double]
            var float: Float?
        }
        for value in [Double.infinity, -.infinity, .nan] {
            #expect(throws: EncodingError.self) { try json(value) }
            #expect(throws: EncodingError.self) { try json([value]) }
            #expect(throws: EncodingError.self) { try json(Sample(values: ["a": value])) }
            let error = #expect(throws: EncodingError.self) { try json([Sample(values: [:], float: Float(value))]) }
            guard case .invalidValue(_, let context) = error else {
                Issue.record("another error")
                return
            }
            #expect(context.codingPath.map(\.stringValue) == ["Index 0", "float"])
        }
        #expect(throws: EncodingError.self) { try json(Decimal.nan) }
        expectCorrupted(Double.self, "1e400", byte: 0)
        expectCorrupted(Float.self, "1e39", byte: 0)
        expectCorrupted(Decimal.self, "1e400", byte: 0)
    }

    @Test(arguments: [
        "01", "-", "-a", "+1", ".5", "1.", "1.e1", "1e", "1e+", "1e1.5", "--1", "0x10", "1_000", "Infinity", "NaN",
        "1 2",
        "00", "-01", "1..2",
    ])
    func malformed(text: String) {
        expectCorrupted(Double.self, text)
        expectCorrupted([Int].self, "[\(text)]")
    }
}
