/// A method of whatever grain type, run on an activation that was found before.
///
/// A call from another silo holds one of these: were it generic itself, every call would look its type up at run time.
package protocol RemoteMethod: AnyObject, Sendable {
    /// Whether the method is synchronous, so that its turn may be quick.
    var isQuick: Bool { get }

    /// Runs the turn.
    ///
    /// - Parameters:
    ///   - grain: The activation; of the method's own type.
    ///   - deadline: The tick at which the call gives up.
    ///   - arguments: The arguments.
    /// - Returns: The encoded result.
    /// - Throws: What the turn throws, or why it did not begin.
    func run(on grain: any Grain, deadline: UInt32, _ arguments: ReceivedArguments) async throws -> Reply

    /// Runs the turn if it may begin at once.
    func runQuickly(on grain: any Grain, _ arguments: ReceivedArguments) async -> QuickTurn

    /// Ends a quick turn that left something to settle.
    func settle(_ result: Result<Reply, any Error>, on grain: any Grain) async throws -> Reply

    /// What the caller gets for an error.
    func outward(_ error: any Error, on grain: any Grain) -> any Error
}

// A method is looked up in the table of the very type of its grain, so the casts cannot go wrong.
extension GrainMethod: RemoteMethod {
    package var isQuick: Bool { quickTurn != nil }

    package func run(on grain: any Grain, deadline: UInt32, _ arguments: ReceivedArguments) async throws -> Reply {
        let grain = unsafeDowncast(grain, to: G.self)
        return try await turn(grain, grain.context.host.address, TurnCaller(deadline: deadline), arguments)
    }

    package func runQuickly(on grain: any Grain, _ arguments: ReceivedArguments) async -> QuickTurn {
        guard let quickTurn else { return .busy }
        let grain = unsafeDowncast(grain, to: G.self)
        return await quickTurn(grain, grain.context.host.address, arguments)
    }

    package func settle(_ result: Result<Reply, any Error>, on grain: any Grain) async throws -> Reply {
        let grain = unsafeDowncast(grain, to: G.self)
        return try await grain._settle(grain.context.host, result)
    }

    package func outward(_ error: any Error, on grain: any Grain) -> any Error {
        let grain = unsafeDowncast(grain, to: G.self)
        return grain.context.host.outward(error, id: grain.context.id, method: name)
    }
}
