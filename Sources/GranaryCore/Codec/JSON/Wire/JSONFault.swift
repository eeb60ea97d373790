/// What is wrong with a text or a value, before anyone knows where in the value that is.
///
/// Small and without allocations, so that it can be thrown by type; the decoder or the encoder adds the coding path.
///
/// Public for what ``Coded()`` generates.
public struct JSONFault: Error {
    enum Code {
        /// Not JSON, or a value that its type refuses.
        case corrupted
        /// A value of another kind.
        case mismatch
        /// An element behind the last one of an array.
        case atEnd
        /// An object without the key.
        case missingKey
        /// A number that JSON has no form for.
        case unwritable
    }

    let code: Code
    let text: StaticString
    /// The offset of the byte that is wrong.
    var position: Int?
    /// The index of the node that is wrong.
    var node: Int?
    /// The kind of value that was found.
    var found: JSONNode.Kind?

    init(
        _ code: Code, _ text: StaticString, position: Int? = nil, node: Int? = nil, found: JSONNode.Kind? = nil
    ) {
        self.code = code
        self.text = text
        self.position = position
        self.node = node
        self.found = found
    }

    /// A type that writes and reads itself leaves a value to `Codable`; nobody outside the codec sees it.
    @usableFromInline static var unsure: JSONFault { JSONFault(.corrupted, "the value is left to Codable") }

    static var notFinite: JSONFault {
        JSONFault(.unwritable, "JSON has no infinite numbers and nothing for NaN")
    }

    /// The text for people; it never contains the data.
    var message: String {
        var message = "\(text)"
        if let found { message += ", found \(found)" }
        if let position { message += " at byte \(position)" }
        return message
    }
}
