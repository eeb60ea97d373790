/// What the decoders of one value share: the bytes, for as long as the call lasts, and the settings.
///
/// The pointer is the caller's. It is taken away when the call ends, so a decoder that somebody kept finds no bytes and
/// throws.
final class CBORDecodingSession {
    private var base: UnsafeRawPointer?
    private var end: Int
    private let isClipped: Bool
    let maximumDepth: Int
    let userInfo: [CodingUserInfoKey: any Sendable]
    /// The same where the caller has it, for readers.
    private var lentUserInfo: UnsafePointer<[CodingUserInfoKey: any Sendable]>?
    /// What types that read themselves may do.
    var coded: CodedUse
    /// The first error of the bytes that could not be thrown on the spot.
    private(set) var failure: (any Error)?

    init(reader: CBORReader, coded: CodedUse) {
        base = reader.base
        end = reader.end
        isClipped = reader.isClipped
        maximumDepth = reader.maximumDepth
        userInfo = reader.userInfo?.pointee ?? [:]
        lentUserInfo = reader.userInfo
        self.coded = coded
    }

    /// Keeps the first of several errors.
    func record(_ error: any Error) {
        if failure == nil { failure = error }
    }

    /// Leaves all values to `Codable` from now on; what they are part of will be left to it, too.
    func giveUp(_ error: any Error) {
        if coded == .orNothing { record(error) }
        coded = .never
    }

    /// Takes the bytes away.
    func close() {
        base = nil
        end = 0
        lentUserInfo = nil
    }

    /// A reader for use before anything else can run.
    @inline(__always)
    func reader(at position: Int, depth: Int) -> CBORReader {
        CBORReader(
            base: base, end: end, position: position, depth: depth, maximumDepth: maximumDepth, isClipped: isClipped,
            userInfo: lentUserInfo)
    }
}
