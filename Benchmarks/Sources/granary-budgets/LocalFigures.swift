import Granary
import Logging

/// Calls within one silo, first calls, and the memory of idle activations.
enum LocalFigures {
    static func measure() async throws -> [Figure] {
        let silo = Silo(logger: .silent) {
            PlainGrain.self
            NamedGrain.self
            StatefulGrain.self
        }
        try await silo.start()
        let held = silo.grain(PlainGrain.self, 0)
        var figures: [Figure] = []
        func allocations(_ name: String, _ times: Int = 20_000, _ operation: (Int) async throws -> Void) async throws {
            for number in 0..<200 { try await operation(number) }
            let count = try await Count.perOperation(times) { try await operation(200 + $0) }
            figures.append(Figure(name: "\(name): allocations", value: count.allocations))
        }
        try await allocations("local call of a synchronous method") { _ in _ = try await held.increment() }
        try await allocations("local call of an asynchronous method") { _ in _ = try await held.incrementLater() }
        try await allocations("local call of a read-only method") { _ in _ = try await held.current() }
        try await allocations("local call with a reference made for it") { _ in
            _ = try await silo.grain(PlainGrain.self, 0).increment()
        }
        try await allocations("local call with a reference made for it, text key") { _ in
            _ = try await silo.grain(NamedGrain.self, "a key of more than fifteen bytes").increment()
        }
        try await allocations("first call of a grain without state") {
            _ = try await silo.grain(PlainGrain.self, 1 + $0).increment()
        }
        try await allocations("first call of a grain with a state in memory") {
            _ = try await silo.grain(StatefulGrain.self, $0).touch()
        }
        let saver = silo.grain(StatefulGrain.self, 0)
        try await allocations("save to memory") { _ in _ = try await saver.deposit(1) }

        let plain = try await Count.perOperation(50_000) {
            _ = try await silo.grain(PlainGrain.self, 1_000_000 + $0).increment()
        }
        figures.append(Figure(name: "idle activation without state: bytes", value: plain.bytes))
        let stateful = try await Count.perOperation(50_000) {
            _ = try await silo.grain(StatefulGrain.self, 1_000_000 + $0).touch()
        }
        figures.append(Figure(name: "idle activation with one small state: bytes", value: stateful.bytes))
        try await silo.shutDown()
        return figures
    }
}

extension Logger {
    /// Logs nothing.
    static var silent: Logger { Logger(label: "budgets") { _ in SwiftLogNoOpLogHandler() } }
}
