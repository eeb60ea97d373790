internal import GranaryCore
internal import Tracing

extension SiloRuntime {
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
