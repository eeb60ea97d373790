import ArgumentParser
import Foundation
import Granary
@_spi(Measuring) import GranaryCore
import NIOCore

/// What it costs to write and to read a value, beside Foundation's `JSONEncoder` and `JSONDecoder`.
struct CodecCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "codec",
        abstract: "Writes and reads values of typical types, as CBOR and as JSON, beside Foundation.")

    @Option(help: "How many rounds.") var rounds = 7
    @Option(help: "How long one contestant runs per round, in milliseconds.") var milliseconds = 40
    @Option(help: "Only one of the values: flat, small, order, numbers, thousand.") var only: String?
    @Flag(help: "Leaves Foundation out, for a profile of Granary alone.") var alone = false
    @OptionGroup var output: Output

    @concurrent
    mutating func run() async throws {
        let recorder = Recorder("codec")
        let command = self
        try await command.compare("flat", "a flat struct", PlainAccount.sample, Account.sample, recorder)
        try await command.compare("small", "a small state", PlainState.sample, CodedState.sample, recorder)
        try await command.compare("order", "a nested order", PlainOrder.sample(4), Order.sample(4), recorder)
        try await command.compare("numbers", "a struct of numbers", PlainNumbers.sample, Numbers.sample, recorder)
        try await command.compare(
            "thousand", "1,000 structs", (0..<1_000).map(PlainLine.sample), (0..<1_000).map(Line.sample), recorder)
        try output.write(recorder)
    }

    /// Compares a type, as it is and marked `@Coded`, in both forms and directions.
    private func compare<Plain: Codable & Sendable, Marked: Codable & Sendable>(
        _ id: String, _ name: String, _ plain: Plain, _ marked: Marked, _ recorder: Recorder
    ) async throws {
        guard only == nil || only == id else { return }
        let text = [UInt8](try JSONEncoder().encode(plain))
        try Self.check(plain, marked, text)
        try await recorder.compare(
            "Writing \(name)", unit: "ns per value", rounds: rounds,
            contestants: foundation { try measureFoundation("codec.foundation.encode.\(id)", writing: plain) } + [
                measureCBOR("codec.cbor.encode.\(id)", "CBOR", writing: plain),
                measureCBOR("codec.cbor.encode.\(id).coded", "CBOR, @Coded", writing: marked),
                measureJSON("codec.json.encode.\(id)", "JSON of states", writing: plain),
                measureJSON("codec.json.encode.\(id).coded", "JSON of states, @Coded", writing: marked),
            ])
        try await recorder.compare(
            "Reading \(name)", unit: "ns per value", rounds: rounds,
            contestants: foundation {
                try measureFoundation("codec.foundation.decode.\(id)", reading: Plain.self, from: Data(text))
            } + [
                try measureCBOR("codec.cbor.decode.\(id)", "CBOR", reading: plain),
                try measureCBOR("codec.cbor.decode.\(id).coded", "CBOR, @Coded", reading: marked),
                measureJSON("codec.json.decode.\(id)", "JSON of states", reading: Plain.self, from: text),
                measureJSON(
                    "codec.json.decode.\(id).coded", "JSON of states, @Coded", reading: Marked.self, from: text),
            ])
    }

    private func foundation(_ contestant: () throws -> Measure.Contestant) rethrows -> [Measure.Contestant] {
        alone ? [] : [try contestant()]
    }

    /// Whoever compares different things compares nothing: both types must write the same.
    private static func check(_ plain: some Codable, _ marked: some Codable, _ text: [UInt8]) throws {
        var buffers = [ByteBuffer(), ByteBuffer()]
        try CBOREncoder().encode(plain, into: &buffers[0])
        try CBOREncoder().encode(marked, into: &buffers[1])
        let texts = [try StateJSON.encode(plain).count, try StateJSON.encode(marked).count]
        guard buffers[0].readableBytes == buffers[1].readableBytes, texts[0] == texts[1] else {
            throw ValidationError("the marked type has another form")
        }
    }

    private func measureFoundation(
        _ id: String, writing value: some Codable & Sendable
    ) throws -> Measure.Contestant {
        contestant(id, "Foundation's JSONEncoder") {
            let encoder = JSONEncoder()
            return { try encoder.encode(value).count }
        }
    }

    private func measureFoundation<Value: Codable & Sendable>(
        _ id: String, reading type: Value.Type, from data: Data
    ) throws -> Measure.Contestant {
        contestant(id, "Foundation's JSONDecoder") {
            let decoder = JSONDecoder()
            return { keep(try decoder.decode(type, from: data)) }
        }
    }

    private func measureCBOR(
        _ id: String, _ name: String, writing value: some Codable & Sendable
    ) -> Measure.Contestant {
        contestant(id, name) {
            let encoder = CBOREncoder()
            return {
                // As a call's arguments are written: into a buffer of its own.
                var buffer = ByteBuffer()
                try encoder.encode(value, into: &buffer)
                return buffer.readableBytes
            }
        }
    }

    private func measureCBOR<Value: Codable & Sendable>(
        _ id: String, _ name: String, reading value: Value
    ) throws -> Measure.Contestant {
        var buffer = ByteBuffer()
        try CBOREncoder().encode(value, into: &buffer)
        let bytes = buffer
        return contestant(id, name) {
            let decoder = CBORDecoder()
            return { keep(try decoder.decode(Value.self, exactly: bytes)) }
        }
    }

    private func measureJSON(
        _ id: String, _ name: String, writing value: some Codable & Sendable
    ) -> Measure.Contestant {
        contestant(id, name) { { try StateJSON.encode(value).count } }
    }

    private func measureJSON<Value: Codable & Sendable>(
        _ id: String, _ name: String, reading type: Value.Type, from text: [UInt8]
    ) -> Measure.Contestant {
        contestant(id, name) { { keep(try StateJSON.decode(type, from: text)) } }
    }

    /// Runs an operation for a while and takes the time of one.
    private func contestant(
        _ id: String, _ name: String, _ make: @escaping @Sendable () -> () throws -> Int
    ) -> Measure.Contestant {
        let duration = Duration.milliseconds(milliseconds)
        return Measure.Contestant(id: id, name: name) {
            let operation = make()
            let clock = ContinuousClock()
            var count = 0
            var sum = 0
            var elapsed = Duration.zero
            var batch = 1
            let began = clock.now
            while elapsed < duration {
                for _ in 0..<batch { sum &+= try operation() }
                count += batch
                batch = min(batch * 2, 4_096)
                elapsed = clock.now - began
            }
            guard sum != 0 else { throw ValidationError("nothing was written or read") }
            return elapsed.inNanoseconds / Double(count)
        }
    }
}

/// Uses a value, so that it is made.
@inline(never)
private func keep<Value>(_ value: Value) -> Int { 1 }
