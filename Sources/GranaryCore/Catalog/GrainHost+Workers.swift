extension GrainHost {
    /// Runs a turn on one of the activations of a type that keeps nothing, as often as it takes to meet one that stays.
    nonisolated(nonsending) func run<R: Sendable>(
        on workers: WorkerPool<G>, _ key: G.Key, hash: UInt32, deadline: UInt32, isNested: Bool,
        _ turn: @Sendable (G, UInt32) async throws -> R
    ) async throws -> R {
        while true {
            let grain = try await runtime._worker(
                in: self, key: key, hash: hash, deadline: deadline, isNested: isNested)
            defer { workers.release(grain) }
            do {
                return try await turn(grain, deadline)
            } catch is GateClosed {
                guard clock.now < deadline else {
                    throw GrainError(
                        .timeout, "The call found no activation that stayed until its turn came.",
                        grain: grain.context.id)
                }
            }
        }
    }
}
