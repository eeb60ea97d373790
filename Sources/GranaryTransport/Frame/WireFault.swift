/// What is wrong with bytes that a peer sent; the connection that brought them is closed.
struct WireFault: Error, Hashable, CustomStringConvertible {
    /// What is wrong, in words.
    let description: String

    init(_ description: String) { self.description = description }

    static let truncated = WireFault("a frame ends before its last field")
}
