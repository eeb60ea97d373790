import ArgumentParser
import FoundationEssentials
import Granary

/// The process of `scale` that measures memory: many activations with a small state, and nothing else.
struct ScaleMemoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale-memory", abstract: "The process of 'scale' that measures memory.", shouldDisplay: false)

    @Option var activations: Int
    @Option var callers = 8

    @concurrent
    mutating func run() async throws {
        let measured = try await Self.measure(activations, callers)
        print(String(decoding: try JSONEncoder().encode(measured), as: UTF8.self))
    }

    @concurrent
    private static func measure(_ number: Int, _ callers: Int) async throws -> ScaleMemory {
        let silo = Silo(logger: .silent) { StatefulGrain.self }
        try await silo.start()
        let before = ResidentMemory.bytes
        let began = Uptime.now
        var firstCalls = Histogram(id: "scale.firstCalls", name: "first calls, \(callers) callers")
        try await withThrowingTaskGroup(of: Histogram.self) { group in
            for caller in 0..<callers {
                group.addTask {
                    var times = Histogram(id: "", name: "")
                    for key in stride(from: caller, to: number, by: callers) {
                        let began = Uptime.now
                        _ = try await silo.grain(StatefulGrain.self, key).touch()
                        times.add(Double(Uptime.now - began))
                    }
                    return times
                }
            }
            for try await times in group { firstCalls.add(times) }
        }
        let seconds = Double(Uptime.now - began) / 1e9
        let bytes = ResidentMemory.bytes - before
        // Whoever is still in memory counts; a silo that had dropped some would look small.
        guard silo.activationCount == number else {
            throw ValidationError("Only \(silo.activationCount) of \(number) activations are in memory.")
        }
        return ScaleMemory(bytes: Double(bytes), rate: Double(number) / seconds, firstCalls: firstCalls)
    }
}
