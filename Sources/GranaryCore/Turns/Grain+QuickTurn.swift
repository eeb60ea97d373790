// Turns of synchronous methods that come from other silos: run without a task of their own, as long as nothing has to be
// waited for.
extension Grain {
    /// Runs a synchronous method, if it may begin at once.
    @inlinable
    package func _quickTurn(
        _ host: HostAddress<Self>, _ arguments: ReceivedArguments,
        _ body: @Sendable (isolated Self, inout ArgumentDecoder) throws -> Reply
    ) -> QuickTurn {
        guard _turns.pass(at: host.now) else { return .busy }
        var decoder = arguments.decoder
        do {
            let reply = try body(self, &decoder)
            return _turns.leave() ? .ended(.success(reply)) : .unsettled(.success(reply))
        } catch {
            _turns.status = .exclusive
            return .unsettled(.failure(error))
        }
    }

    /// Runs a synchronous `@ReadOnly` method, if it may begin at once.
    @inlinable
    package func _quickReadTurn(
        _ host: HostAddress<Self>, _ arguments: ReceivedArguments,
        _ body: @Sendable (isolated Self, inout ArgumentDecoder) throws -> Reply
    ) -> QuickTurn {
        guard _turns.passReading(at: host.now) else { return .busy }
        var decoder = arguments.decoder
        let result = Result { try body(self, &decoder) }
        if _turns.isTouched, let states = _turns.states {
            return .ended(.failure(_refuseWrite(states, host.host)))
        }
        return .ended(result)
    }

    /// Ends a quick turn that left something to settle.
    package func _settle(
        _ host: GrainHost<Self>, _ result: Result<Reply, any Error>
    ) async throws -> Reply {
        switch result {
        case .success(let reply):
            try await _leave(host)
            return reply
        case .failure(let error): throw await _leave(host, failing: error)
        }
    }
}
