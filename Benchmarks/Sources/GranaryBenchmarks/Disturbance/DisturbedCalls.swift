import Granary

/// The calls that the load is made of, by a silo that hosts nothing.
struct DisturbedCalls: Sendable {
    let silo: Silo
    let stateless: Bool

    /// Calls a grain; one that writes changes its state and has it saved.
    func call(_ key: Int, writes: Bool) async throws {
        switch (stateless, writes) {
        case (true, true): _ = try await silo.grain(CounterGrain.self, key).increment()
        case (true, false): _ = try await silo.grain(CounterGrain.self, key).current()
        case (false, true): _ = try await silo.grain(AccountGrain.self, key).deposit(1)
        case (false, false): _ = try await silo.grain(AccountGrain.self, key).balance()
        }
    }

    /// The name of the silo that has a grain.
    func owner(of key: Int) -> String? {
        stateless
            ? silo.owner(of: silo.grain(CounterGrain.self, key)) : silo.owner(of: silo.grain(AccountGrain.self, key))
    }
}
