internal import GranaryCore
internal import Tracing

extension SiloRuntime {
    /// Starts an operation of the silo that sees no task-local of whoever caused it, and yet belongs to the same trace.
    @discardableResult
    func startApart(_ operation: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        let context = ServiceContext.current
        return _states.tasks.startApart {
            guard let context else { return await operation() }
            await ServiceContext.withValue(context) { await operation() }
        }
    }

    /// Runs an operation in a span when a tracer is installed; the grain's key stays out of it.
    func traced<R>(
        _ operation: String, _ grain: GrainID, _ run: nonisolated(nonsending) () async throws -> R
    ) async rethrows -> R {
        guard let tracer else { return try await run() }
        return try await tracer.withSpan("\(grain.type).\(operation)", ofKind: .internal) { span in
            span.attributes["rpc.system"] = "granary"
            span.attributes["rpc.service"] = grain.type
            span.attributes["rpc.method"] = operation
            return try await run()
        }
    }
}
