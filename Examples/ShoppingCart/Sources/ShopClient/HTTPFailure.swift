/// A request that got no answer.
public struct HTTPFailure: Error, CustomStringConvertible {
    /// What happened.
    public let description: String
}
