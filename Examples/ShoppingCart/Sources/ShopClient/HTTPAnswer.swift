/// A server's answer.
public struct HTTPAnswer: Sendable {
    /// The status, such as 200.
    public var status: Int
    /// The headers, by names in small letters.
    public var headers: [String: String]
    /// The body.
    public var body: [UInt8]

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }
}
