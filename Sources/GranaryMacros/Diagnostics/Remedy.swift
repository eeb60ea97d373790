import SwiftDiagnostics

/// What a fix-it would change.
struct Remedy: FixItMessage {
    let id: String
    let message: String

    var fixItID: MessageID { MessageID(domain: "Granary", id: id) }
}
