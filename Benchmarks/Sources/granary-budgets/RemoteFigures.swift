import Granary

/// Calls between two silos of this process over TCP, both sides counted.
enum RemoteFigures {
    static func measure() async throws -> [Figure] {
        let cluster = InMemoryCluster()
        let caller = Silo(
            configuration: SiloConfiguration(cluster: "budgets", name: "caller"), backend: .memory(cluster),
            endpoint: .tcp(), logger: .silent
        ) { NamedGrain.self }
        let peer = Silo(
            configuration: SiloConfiguration(cluster: "budgets", name: "peer"), backend: .memory(cluster),
            endpoint: .tcp(), logger: .silent
        ) { PlainGrain.self }
        try await caller.start()
        try await peer.start()
        let reference = caller.grain(PlainGrain.self, 0)
        for _ in 0..<1_000 { _ = try await reference.increment() }
        let one = try await Count.perOperation(10_000) { _ in _ = try await reference.increment() }
        let callers = 100
        let many = try await Count.perOperation(200) { _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<callers {
                    group.addTask { for _ in 0..<10 { _ = try await reference.increment() } }
                }
                try await group.waitForAll()
            }
        }
        try await caller.shutDown()
        try await peer.shutDown()
        let calls = Double(callers * 10)
        return [
            Figure(name: "remote call, both sides: allocations", value: one.allocations),
            Figure(name: "remote call, both sides: writes to sockets", value: one.writes),
            Figure(name: "remote call, both sides: bytes on the wire", value: one.written),
            Figure(name: "remote call, 100 callers, both sides: allocations", value: many.allocations / calls),
            Figure(name: "remote call, 100 callers, both sides: writes to sockets", value: many.writes / calls),
        ]
    }
}
