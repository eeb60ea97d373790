/// What the decoders of one value share: the text, for as long as the call lasts, and the settings.
///
/// The memory is the caller's. It is taken away when the call ends, so a decoder that somebody kept finds nothing and
/// throws.
final class JSONDecodingSession {
    private(set) var source: JSONSource
    let userInfo: [CodingUserInfoKey: any Sendable]

    init(source: JSONSource, userInfo: [CodingUserInfoKey: any Sendable]) {
        self.source = source
        self.userInfo = userInfo
    }

    /// Takes the text away.
    func close() { source = JSONSource() }
}
