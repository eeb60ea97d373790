/// The numbers of the wire protocol; `docs/wire-protocol.md` explains them.
enum WireFormat {
    /// The oldest version spoken here.
    static let oldestVersion: UInt64 = 1
    /// The newest version spoken here.
    static let newestVersion: UInt64 = 1
    /// The first bytes of a hello: `GRNY`.
    static let magic: UInt32 = 0x4752_4e59
    /// Bytes of the length field before each frame.
    static let lengthBytes = 4
    /// The most bytes that may follow a length field; a larger message travels in chunks.
    static let largestFrame = 65_536
    /// The most bytes of a message that one chunk carries.
    static let largestChunk = 65_472
    /// How many large messages may travel at once in one direction.
    static let chunkedAtOnce = 8
    /// The most bytes of a hello, welcome, refusal or goodbye, so that strangers cost little.
    static let largestGreeting = 4_096
}
