/// The byte that says what a frame is.
///
/// Types below ``firstNumbered`` belong to the connection. The others belong to the session: they are numbered, kept
/// until acknowledged and sent again after a reconnect. A type that the receiver does not know is passed over, and
/// counted if it is one of the numbered.
enum FrameType {
    static let hello: UInt8 = 0x01
    static let welcome: UInt8 = 0x02
    static let refusal: UInt8 = 0x03
    static let goodbye: UInt8 = 0x04
    static let ping: UInt8 = 0x05
    static let pong: UInt8 = 0x06
    static let acknowledgement: UInt8 = 0x07

    static let firstNumbered: UInt8 = 0x10
    static let call: UInt8 = 0x10
    static let reply: UInt8 = 0x11
    static let cancellation: UInt8 = 0x12
    static let message: UInt8 = 0x13
    static let chunk: UInt8 = 0x14
}
