/// One named rule of a provider's contract, to be run against a provider.
///
/// The checks know no test library: each throws a ``ConformanceFailure``, so any library can run them. Their
/// descriptions are sentences, so a parameterised test of Swift Testing names them well.
public struct ConformanceCheck<Trial: ConformanceTrial>: Sendable {
    /// The rule, in words.
    public let rule: String
    let body: @Sendable (Trial) async throws -> Void

    init(_ rule: String, _ body: @escaping @Sendable (Trial) async throws -> Void) {
        self.rule = rule
        self.body = body
    }
}

extension ConformanceCheck: CustomStringConvertible {
    /// The rule, in words.
    public var description: String { rule }
}
