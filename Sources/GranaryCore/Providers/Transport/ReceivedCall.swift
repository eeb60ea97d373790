package import NIOCore

/// A call as it arrived.
package struct ReceivedCall: Hashable, Sendable {
    /// Everything but the arguments.
    package var head: CallHead
    /// The encoded arguments: a slice of the connection's buffer, so keeping it keeps more than itself.
    package var arguments: ByteBuffer

    /// Makes a call.
    package init(head: CallHead, arguments: ByteBuffer) {
        self.head = head
        self.arguments = arguments
    }
}
