/// What the decoders of one value share: the text, for as long as the call lasts, and the settings.
///
/// The memory is the caller's. It is taken away when the call ends, so a decoder that somebody kept finds nothing and
/// throws.
final class JSONDecodingSession {
    private(set) var source: JSONSource
    let userInfo: [CodingUserInfoKey: any Sendable]
    /// What types that read themselves may do.
    var coded: CodedUse
    /// True if a value that this is part of has to be left to `Codable`.
    private(set) var hasGivenUp = false

    init(source: JSONSource, coded: CodedUse) {
        self.source = source
        self.coded = coded
        userInfo = source.userInfo?.pointee ?? [:]
    }

    /// Leaves all values to `Codable` from now on; what they are part of will be left to it, too.
    func giveUp() {
        if coded == .orNothing { hasGivenUp = true }
        coded = .never
    }

    /// Takes the text away.
    func close() { source = JSONSource() }
}
