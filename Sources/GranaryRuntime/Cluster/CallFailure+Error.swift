internal import GranaryCore
internal import NIOCore

extension CallFailure {
    /// An error as it travels: itself where a grain names its type, else described.
    init(_ error: any Error) {
        if let error = error as? GrainError {
            var chain = ByteBuffer()
            if !error.chain.isEmpty { try? CBOREncoder().encode(error.chain.map { [$0.type, $0.key] }, into: &chain) }
            self.init(code: error.code.name, message: error.message, payload: chain)
            return
        }
        if error is CancellationError {
            self.init(code: "cancelled", message: "The call was cancelled.")
            return
        }
        var payload = ByteBuffer()
        if isNamedError(error), let named = error as? any (Error & Codable & Sendable),
            (try? CBOREncoder().encode(named, into: &payload)) != nil
        {
            self.init(
                code: GrainError.Code.callFailed.name, message: "\(error)",
                type: String(reflecting: Swift.type(of: error)), payload: payload)
            return
        }
        self.init(code: GrainError.Code.callFailed.name, message: "\(error)")
    }
}
