public import GranaryCore

/// Builds the list of grain types that a silo hosts.
@resultBuilder
public enum HostedGrainsBuilder {
    /// A grain type that is made from its context alone.
    ///
    /// - Parameter type: The grain type.
    /// - Returns: A list of one.
    public static func buildExpression<G: SelfMadeGrain>(_ type: G.Type) -> [HostedGrain] {
        [HostedGrain(type, options: type.options) { context in try G(context: context) }]
    }

    /// A grain type with a way of its own to be made.
    ///
    /// - Parameter hosted: The entry.
    /// - Returns: A list of one.
    public static func buildExpression(_ hosted: HostedGrain) -> [HostedGrain] { [hosted] }

    /// A list made elsewhere.
    ///
    /// - Parameter hosted: The entries.
    /// - Returns: The list.
    public static func buildExpression(_ hosted: [HostedGrain]) -> [HostedGrain] { hosted }

    /// Says what to do with a grain type that has an initialiser of its own.
    ///
    /// - Parameter type: The grain type.
    /// - Returns: Nothing.
    @available(
        *, unavailable,
        message: "this grain has an initialiser of its own: host it with 'Type.hosted { context in … }'"
    )
    public static func buildExpression<G: Grain>(_ type: G.Type) -> [HostedGrain] { [] }

    /// Joins the entries.
    ///
    /// - Parameter parts: The entries.
    /// - Returns: All of them.
    public static func buildBlock(_ parts: [HostedGrain]...) -> [HostedGrain] { parts.flatMap(\.self) }

    /// Supports `if` without `else`.
    ///
    /// - Parameter part: The entries, if any.
    /// - Returns: The entries.
    public static func buildOptional(_ part: [HostedGrain]?) -> [HostedGrain] { part ?? [] }

    /// Supports `if` with `else`.
    ///
    /// - Parameter first: The entries.
    /// - Returns: The entries.
    public static func buildEither(first: [HostedGrain]) -> [HostedGrain] { first }

    /// Supports `else`.
    ///
    /// - Parameter second: The entries.
    /// - Returns: The entries.
    public static func buildEither(second: [HostedGrain]) -> [HostedGrain] { second }

    /// Supports `for`.
    ///
    /// - Parameter parts: The entries.
    /// - Returns: All of them.
    public static func buildArray(_ parts: [[HostedGrain]]) -> [HostedGrain] { parts.flatMap(\.self) }
}
