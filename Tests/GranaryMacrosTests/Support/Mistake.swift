import Testing

/// Code that the macros refuse, or warn of, and what the user should read.
struct Mistake: CustomTestStringConvertible, Sendable {
    /// A name for the test's output.
    let name: String
    /// The code; the line with the mistake ends in `// HERE`.
    let code: String
    /// What the compiler should say about that line.
    let message: String
    /// `error` or `warning`.
    let severity: String

    init(_ name: String, _ code: String, _ message: String, severity: String = "error") {
        self.name = name
        self.code = code
        self.message = message
        self.severity = severity
    }

    var testDescription: String { name }
}
