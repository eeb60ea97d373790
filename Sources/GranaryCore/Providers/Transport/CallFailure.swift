package import NIOCore

/// An error as it travels.
package struct CallFailure: Hashable, Sendable {
    /// The stable name of its kind, as in ``GrainError/Code``.
    package var code: String
    /// What happened, in words.
    package var message: String
    /// The stable name of the error's own type, if the grain names it.
    package var type: String?
    /// The encoded error, if the grain names its type; empty otherwise.
    package var payload: ByteBuffer

    /// Makes an error.
    package init(code: String, message: String, type: String? = nil, payload: ByteBuffer = ByteBuffer()) {
        self.code = code
        self.message = message
        self.type = type
        self.payload = payload
    }
}
