/// A rule of a provider's contract that a provider broke.
public struct ConformanceFailure: Error, Hashable, Sendable {
    /// The name of the check, as in the list of checks.
    public var rule: String
    /// What the contract asks for.
    public var expected: String
    /// What the provider did.
    public var found: String

    /// Makes a failure.
    ///
    /// - Parameters:
    ///   - rule: The name of the check.
    ///   - expected: What the contract asks for.
    ///   - found: What the provider did.
    public init(rule: String, expected: String, found: String) {
        self.rule = rule
        self.expected = expected
        self.found = found
    }
}

extension ConformanceFailure: CustomStringConvertible {
    /// Rule, expectation and finding in three lines.
    public var description: String { "\(rule)\n  expected: \(expected)\n  found: \(found)" }
}
