/// A failure with a message for the person at the keyboard.
struct ToolFailure: Error, CustomStringConvertible {
    /// What is wrong and what to do.
    let description: String

    /// Makes a failure.
    ///
    /// - Parameter description: What is wrong and what to do.
    init(_ description: String) { self.description = description }
}
