/// A request that got no answer.
public struct HTTPFailure: Error, CustomStringConvertible {
    /// What happened.
    public let description: String

    /// Makes a failure.
    ///
    /// - Parameter description: What happened.
    public init(description: String) { self.description = description }
}
