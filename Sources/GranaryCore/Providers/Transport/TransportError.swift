/// Why a transport cannot do what it was told.
public struct TransportError: Error, Sendable {
    /// The kind of a ``TransportError``; more kinds may come, so a `switch` needs a default.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The stable name.
        public let description: String

        private init(_ name: String) { description = name }

        /// An address cannot be read or is not one to listen at.
        public static let address = Code("address")
        /// The address to listen at cannot be bound.
        public static let bind = Code("bind")
        /// Plain text was asked for beyond this machine without the explicit choice.
        public static let plaintext = Code("plaintext")
        /// The certificate, the key or the trust roots cannot be used.
        public static let certificates = Code("certificates")
        /// The transport was started twice, or used before it was started or after it stopped.
        public static let state = Code("state")
    }

    /// The kind of error.
    public var code: Code
    /// What happened and what to do about it.
    public var message: String
    /// The error behind this one.
    public var cause: (any Error)?

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: The kind of error.
    ///   - message: What happened and what to do about it.
    ///   - cause: The error behind this one.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension TransportError: CustomStringConvertible {
    /// Code, message and cause on one line.
    public var description: String { "\(code): \(message)" + (cause.map { " Cause: \($0)" } ?? "") }
}
