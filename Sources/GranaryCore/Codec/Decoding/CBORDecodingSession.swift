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
    /// The first error of the bytes that could not be thrown on the spot.
    private(set) var failure: (any Error)?

    init(reader: CBORReader, userInfo: [CodingUserInfoKey: any Sendable]) {
        base = reader.base
        end = reader.end
        isClipped = reader.isClipped
        maximumDepth = reader.maximumDepth
        self.userInfo = userInfo
    }

    /// Keeps the first of several errors.
    func record(_ error: any Error) {
        if failure == nil { failure = error }
    }

    /// Takes the bytes away.
    func close() {
        base = nil
        end = 0
    }

    /// A reader for use before anything else can run.
    @inline(__always)
    func reader(at position: Int, depth: Int) -> CBORReader {
        CBORReader(
            base: base, end: end, position: position, depth: depth, maximumDepth: maximumDepth, isClipped: isClipped)
    }
}
