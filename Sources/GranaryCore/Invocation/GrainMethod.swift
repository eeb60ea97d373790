/// One callable method of a grain type, as it is called by name.
///
/// A class, so that a call from another silo, which finds it in a table, counts one reference and not one for each field.
public final class GrainMethod<G: Grain>: Sendable {
    @usableFromInline
    package typealias Turn =
        @Sendable (isolated G, HostAddress<G>, TurnCaller, ReceivedArguments) async throws -> Reply
    @usableFromInline
    package typealias QuickTurnBody = @Sendable (isolated G, HostAddress<G>, ReceivedArguments) -> QuickTurn

    /// The name it is called by.
    public let name: String
    /// How many arguments it needs; later ones have defaults.
    public let required: Int
    /// How many arguments it takes at most.
    public let accepted: Int
    /// Whether it is marked `@ReadOnly`.
    public let isReadOnly: Bool
    /// Whether running it twice is as good as once: marked `@Idempotent` or `@ReadOnly`.
    public let isIdempotent: Bool
    @usableFromInline package let body: @Sendable (isolated G, inout ArgumentDecoder) async throws -> Reply
    /// Finds the activation of the key with a text, if there is one; made where the grain's type is known, as is `turn`.
    @usableFromInline package let find: @Sendable (HostAddress<G>, String) -> G?
    /// Runs the body as a turn; made where the grain's type is known, so that the turn is compiled for it.
    @usableFromInline package let turn: Turn
    /// Runs the body as a turn if it may begin at once; `nil` for an asynchronous method.
    @usableFromInline package let quickTurn: QuickTurnBody?

    /// Describes an asynchronous method; called by generated code.
    ///
    /// - Parameters:
    ///   - name: The name it is called by.
    ///   - required: How many arguments it needs.
    ///   - accepted: How many arguments it takes at most.
    ///   - isReadOnly: Whether it is marked `@ReadOnly`.
    ///   - isIdempotent: Whether it is marked `@Idempotent` or `@ReadOnly`.
    ///   - body: Decodes the arguments, calls the method and encodes its result.
    @inlinable
    public convenience init(
        _ name: String, required: Int, accepted: Int, isReadOnly: Bool = false, isIdempotent: Bool = false,
        body: @escaping @Sendable (isolated G, inout ArgumentDecoder) async throws -> Reply
    ) {
        let turn: Turn
        if isReadOnly {
            turn = { grain, host, caller, arguments in
                try await grain._readTurn(host, caller) { grain in
                    var decoder = arguments.decoder
                    return try await body(grain, &decoder)
                }
            }
        } else {
            turn = { grain, host, caller, arguments in
                try await grain._turn(host, caller) { grain in
                    var decoder = arguments.decoder
                    return try await body(grain, &decoder)
                }
            }
        }
        self.init(
            name, required, accepted, isReadOnly: isReadOnly, isIdempotent: isIdempotent, body, turn, quickTurn: nil)
    }

    /// Describes a synchronous method; called by generated code.
    ///
    /// - Parameters:
    ///   - name: The name it is called by.
    ///   - required: How many arguments it needs.
    ///   - accepted: How many arguments it takes at most.
    ///   - isReadOnly: Whether it is marked `@ReadOnly`.
    ///   - isIdempotent: Whether it is marked `@Idempotent` or `@ReadOnly`.
    ///   - body: Decodes the arguments, calls the method and encodes its result.
    /// - Returns: The method.
    @inlinable
    public static func synchronous(
        _ name: String, required: Int, accepted: Int, isReadOnly: Bool = false, isIdempotent: Bool = false,
        body: @escaping @Sendable (isolated G, inout ArgumentDecoder) throws -> Reply
    ) -> GrainMethod {
        let turn: Turn
        if isReadOnly {
            turn = { grain, host, caller, arguments in
                try await grain._syncReadTurn(host, caller) { grain in
                    var decoder = arguments.decoder
                    return try body(grain, &decoder)
                }
            }
        } else {
            turn = { grain, host, caller, arguments in
                try await grain._syncTurn(host, caller) { grain in
                    var decoder = arguments.decoder
                    return try body(grain, &decoder)
                }
            }
        }
        let quickTurn: QuickTurnBody
        if isReadOnly {
            quickTurn = { grain, host, arguments in grain._quickReadTurn(host, arguments, body) }
        } else {
            quickTurn = { grain, host, arguments in grain._quickTurn(host, arguments, body) }
        }
        return GrainMethod(
            name, required, accepted, isReadOnly: isReadOnly, isIdempotent: isIdempotent, body, turn,
            quickTurn: quickTurn)
    }

    @inlinable
    init(
        _ name: String, _ required: Int, _ accepted: Int, isReadOnly: Bool, isIdempotent: Bool,
        _ body: @escaping @Sendable (isolated G, inout ArgumentDecoder) async throws -> Reply,
        _ turn: @escaping Turn, quickTurn: QuickTurnBody?
    ) {
        self.name = name
        self.required = required
        self.accepted = accepted
        self.isReadOnly = isReadOnly
        self.isIdempotent = isIdempotent || isReadOnly
        self.body = body
        find = { host, text in
            guard let key = G.Key(keyText: text) else { return nil }
            return host.find(key, hash: key._tableHash)
        }
        self.turn = turn
        self.quickTurn = quickTurn
    }
}
