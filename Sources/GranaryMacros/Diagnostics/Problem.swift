import SwiftDiagnostics

/// Something that a macro has to say about the user's code.
struct Problem: DiagnosticMessage {
    /// A short name of the kind of problem, for tools.
    let id: String
    let severity: DiagnosticSeverity
    let message: String

    var diagnosticID: MessageID { MessageID(domain: "Granary", id: id) }

    /// Code that cannot become a grain.
    static func error(_ id: String, _ message: String) -> Problem {
        Problem(id: id, severity: .error, message: message)
    }

    /// Code that compiles but does not do what it looks like.
    static func warning(_ id: String, _ message: String) -> Problem {
        Problem(id: id, severity: .warning, message: message)
    }
}
