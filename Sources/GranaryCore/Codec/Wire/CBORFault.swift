/// What is wrong with the bytes, before anyone knows where in the value that is.
///
/// Small and without allocations, so that reading can throw it by type; the decoder adds the coding path.
///
/// Public for what ``Coded()`` generates.
public struct CBORFault: Error {
    let code: CodecError.Code
    private let text: StaticString
    private let found: CBORHead?

    init(_ code: CodecError.Code, _ text: StaticString, found: CBORHead? = nil) {
        self.code = code
        self.text = text
        self.found = found
    }

    /// A type that writes and reads itself leaves a value to `Codable`; nobody outside the codec sees it.
    @usableFromInline static var unsure: CBORFault { CBORFault(.misuse, "the value is left to Codable") }

    @usableFromInline static var duplicateKey: CBORFault {
        CBORFault(.duplicateKey, "a map has the same key twice")
    }

    static var tooDeep: CBORFault { CBORFault(.tooDeep, "arrays and maps are nested too deeply") }

    /// The text for people.
    var message: String {
        guard let found else { return "\(text)" }
        return "\(text), found \(found.kind)"
    }
}
