/// One value, or one key of an object, among the nodes that the scanner makes of a text.
///
/// Containers are followed by what they contain; in objects, keys and values alternate.
@usableFromInline
struct JSONNode: Sendable {
    @usableFromInline
    enum Kind: UInt8, Sendable {
        case null, `true`, `false`, number, string, array, object
        /// What a decoder finds that was kept until the text was gone.
        case gone
    }

    let kind: Kind
    /// True for strings without escapes, and for numbers without fraction and exponent.
    let isPlain: Bool
    /// Where the value begins in the text; strings begin behind the quote.
    let offset: UInt32
    /// The length in bytes of a string or a number; the number of elements or entries of a container.
    @usableFromInline var count: UInt32
    /// The index of the node behind this one and its contents; that of the parent while a container is being scanned.
    var next: UInt32

    /// The node of a text that is no longer there.
    static let gone = JSONNode(kind: .gone, isPlain: false, offset: 0, count: 0, next: .max)
}

extension JSONNode.Kind: CustomStringConvertible {
    /// What people call it.
    @usableFromInline var description: String {
        switch self {
        case .null: "null"
        case .true, .false: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        case .gone: "nothing, because the decoding has ended"
        }
    }
}
