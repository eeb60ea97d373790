/// Why a value could not be written as CBOR or read from it.
///
/// The bytes themselves never appear in the message, so it is safe to log.
public struct CodecError: Error, Sendable {
    /// The kind of error.
    public var code: Code
    /// What is wrong, in words, without the data.
    public var message: String
    /// The coding keys from the outermost value to the one the error is about; array positions are decimal numbers.
    public var path: [String]

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: The kind of error.
    ///   - message: What is wrong, without the data.
    ///   - path: The coding keys from the outermost value inwards.
    public init(_ code: Code, _ message: String, path: [String] = []) {
        self.code = code
        self.message = message
        self.path = path
    }
}

extension CodecError: CustomStringConvertible {
    /// Code, path and message on one line.
    public var description: String {
        path.isEmpty ? "\(code): \(message)" : "\(code) at \(path.joined(separator: ".")): \(message)"
    }
}
