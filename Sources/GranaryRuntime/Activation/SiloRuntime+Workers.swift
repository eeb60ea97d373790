package import GranaryCore
internal import Synchronization

extension SiloRuntime {
    package func _worker<G: Grain>(
        in host: GrainHost<G>, key: G.Key, hash: UInt32, deadline: UInt32, isNested: Bool
    ) async throws -> G {
        guard let workers = host.workers, let make = host.make else {
            return try await _activation(in: host, key: key, hash: hash, deadline: deadline, isNested: isNested)
        }
        let tableKey = TableKey(key, hash: hash)
        while true {
            // Where a new activation would have to wait or be refused, an old one still serves.
            switch workers.choose(tableKey, mayGrow: currentPhase == .active && capacity.hasRoom) {
            case .worker(let grain):
                return grain
            case .wait(let rendezvous):
                _states.deadlines.add(deadline, rendezvous, .made)
                let end = await withTaskCancellationHandler {
                    await rendezvous.value()
                } onCancel: {
                    rendezvous.finish(.made)
                }
                try Task.checkCancellation()
                if case .failed(let error, _) = end { throw error }
                guard clock.now < deadline else {
                    throw GrainError(
                        .timeout, "No activation was made in time, and the call did not start.",
                        grain: GrainID(type: G._descriptor.name, key: key.keyText))
                }
            case .make:
                return try await makeWorker(
                    in: host, workers, GrainContext(key: key, hash: hash, host: host), tableKey, make,
                    deadline: deadline, isNested: isNested)
            }
        }
    }

    /// Makes one more activation, for which the pool keeps a place.
    private func makeWorker<G: Grain>(
        in host: GrainHost<G>, _ workers: WorkerPool<G>, _ context: GrainContext<G>, _ key: TableKey<G.Key>,
        _ make: (GrainContext<G>) throws -> G, deadline: UInt32, isNested: Bool
    ) async throws -> G {
        making.wrappingAdd(1, ordering: .sequentiallyConsistent)
        defer { making.wrappingSubtract(1, ordering: .releasing) }
        do {
            try await admit(isNested: isNested, deadline: deadline)
            try await capacity.room(deadline: deadline, isNested: isNested)
        } catch {
            workers.giveUp(key, .made)
            throw error
        }
        let id = context.id
        let grain: G
        do {
            try id.validate()
            grain = try make(context)
        } catch {
            let failure = activationFailure(error, of: host, key: context.key)
            host.observer.activationFailed()
            workers.giveUp(key, .failed(failure, id))
            throw failure
        }
        workers.publish(grain, for: key)
        host.count.wrappingAdd(1, ordering: .relaxed)
        capacity.noteActivation()
        await begin(grain, in: host, warm: nil)
        return grain
    }
}
