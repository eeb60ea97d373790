import Granary
import GranaryPostgres

/// Saves and loads with PostgreSQL.
enum StorageFigures {
    static func measure(_ url: String) async throws -> [Figure] {
        _ = try await Migrator(url).apply()
        let first = silo(url)
        try await first.start()
        for key in 0..<2_000 { _ = try await first.grain(StatefulGrain.self, key).deposit(1) }
        let saver = first.grain(StatefulGrain.self, 0)
        let save = try await Count.perOperation(2_000) { _ in _ = try await saver.deposit(1) }
        let savers = try await Count.perOperation(20) { _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for key in 0..<200 {
                    group.addTask { for _ in 0..<5 { _ = try await first.grain(StatefulGrain.self, key).deposit(1) } }
                }
                try await group.waitForAll()
            }
        }
        try await first.shutDown()
        let second = silo(url)
        try await second.start()
        for key in 0..<200 { _ = try await second.grain(StatefulGrain.self, key).touch() }
        let load = try await Count.perOperation(1_800) {
            _ = try await second.grain(StatefulGrain.self, 200 + $0).touch()
        }
        try await second.shutDown()
        return [
            Figure(name: "save alone: allocations", value: save.allocations),
            Figure(name: "save alone: statements", value: save.statements),
            Figure(name: "save among 200: allocations", value: savers.allocations / 1_000),
            Figure(name: "save among 200: statements", value: savers.statements / 1_000),
            Figure(name: "load alone: allocations", value: load.allocations),
            Figure(name: "load alone: statements", value: load.statements),
        ]
    }

    private static func silo(_ url: String) -> Silo {
        Silo(backend: .postgres(url), logger: .silent) { StatefulGrain.self }
    }
}
