/// What is wrong with the bytes, before anyone knows where in the value that is.
///
/// Small and without allocations, so that reading can throw it by type; the decoder adds the coding path.
struct CBORFault: Error {
    let code: CodecError.Code
    private let text: StaticString
    private let found: CBORHead?

    init(_ code: CodecError.Code, _ text: StaticString, found: CBORHead? = nil) {
        self.code = code
        self.text = text
        self.found = found
    }

    /// The text for people.
    var message: String {
        guard let found else { return "\(text)" }
        return "\(text), found \(found.kind)"
    }
}
