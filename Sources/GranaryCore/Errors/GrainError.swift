/// What Granary itself has to say about a call, an activation or a state.
///
/// Errors of your own that a grain names (by typed throws or `@Grain(errors:)`) arrive at the caller as themselves.
/// Everything else arrives as a `GrainError` whose ``code`` tells the kind and whose ``message`` says what to do.
public struct GrainError: Error, Sendable {
    /// The kind of error.
    public var code: Code
    /// What happened and what to do about it, in words.
    public var message: String
    /// The grain that the error is about, if it is about one.
    public var grain: GrainID?
    /// The grains whose turns waited for each other, the first caller first; empty where the chain plays no part.
    public var chain: [GrainID]
    /// The error behind this one, where it came from this process.
    public var cause: (any Error)?

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: The kind of error.
    ///   - message: What happened and what to do about it.
    ///   - grain: The grain that the error is about.
    ///   - chain: The grains whose turns waited for each other.
    ///   - cause: The error behind this one.
    public init(
        _ code: Code, _ message: String, grain: GrainID? = nil, chain: [GrainID] = [], cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.grain = grain
        self.chain = chain
        self.cause = cause
    }
}

extension GrainError: CustomStringConvertible {
    /// Code, grain, message and cause on one line.
    public var description: String {
        var text = "\(code)"
        if let grain { text += " (\(grain))" }
        text += ": \(message)"
        if let cause { text += " Cause: \(cause)" }
        return text
    }
}
