/// What the encoders of one run of bytes share.
///
/// Nearly always a whole value is one run. A nested container that is still open when its parent goes on gets a run of
/// its own, and the runs are put together at the end.
final class CBOREncodingSession {
    /// Where the bytes go.
    ///
    /// Accesses cannot overlap, because nothing that is handed the writer runs foreign code or knows the session; to
    /// have the runtime watch for that would cost a tenth of an encoding.
    @exclusivity(unchecked)
    var writer: CBORWriter
    /// The encoder that may write now, by how many encoders contain it.
    var level: Int
    /// Runs that belong into this one, in the order of their places.
    private var insertions: [(offset: Int, session: CBOREncodingSession)] = []
    let userInfo: [CodingUserInfoKey: any Sendable]
    let maximumDepth: Int
    /// What went wrong where nothing could be thrown; shared by all runs of a value.
    let log: CBOREncodingLog
    /// What types that write themselves may do.
    var coded: CodedUse

    init(writer: consuming CBORWriter, coded: CodedUse) {
        userInfo = writer.userInfo
        maximumDepth = writer.maximumDepth
        self.writer = writer
        self.coded = coded
        level = 0
        log = CBOREncodingLog()
    }

    /// Goes on where a writer is, which gets ``takeBytes()`` in the end.
    convenience init(taking writer: inout CBORWriter, coded: CodedUse) {
        var taken = CBORWriter(maximumDepth: writer.maximumDepth, userInfo: writer.userInfo)
        swap(&taken, &writer)
        self.init(writer: taken, coded: coded)
    }

    private init(splitFrom session: CBOREncodingSession, at offset: Int, level: Int) {
        writer = session.writer.split(at: offset)
        userInfo = session.userInfo
        maximumDepth = session.maximumDepth
        self.level = level
        log = session.log
        coded = session.coded
        while let last = session.insertions.last, last.offset > offset {
            insertions.insert((last.offset - offset, last.session), at: 0)
            session.insertions.removeLast()
        }
    }

    /// Moves everything from an offset on into a run of its own, which will be put back there in the end.
    ///
    /// The level is that of the encoder that may write there.
    func split(at offset: Int, level: Int) -> CBOREncodingSession {
        let tail = CBOREncodingSession(splitFrom: self, at: offset, level: level)
        insertions.append((offset, tail))
        return tail
    }

    /// Where the run ends now.
    @inline(__always)
    var mark: Mark { Mark(bytes: writer.count, insertions: insertions.count) }

    /// Takes back what was written since a mark.
    func rollBack(to mark: Mark) {
        writer.truncate(to: mark.bytes)
        insertions.removeLast(max(0, insertions.count - mark.insertions))
    }

    /// Leaves all values to `Codable` from now on; what they are part of will be left to it, too.
    func giveUp(_ error: any Error) {
        if coded == .orNothing { log.record(error) }
        coded = .never
    }

    /// A place to come back to.
    struct Mark {
        fileprivate let bytes: Int
        fileprivate let insertions: Int
    }

    /// Ends the session and gives its bytes with all runs in their places.
    func takeBytes() -> CBORWriter {
        var result = CBORWriter(maximumDepth: maximumDepth, userInfo: userInfo)
        if insertions.isEmpty {
            swap(&result, &writer)
        } else {
            append(to: &result)
        }
        return result
    }

    /// Recurses once per level of nested runs, which the limit on depth bounds.
    private func append(to result: inout CBORWriter) {
        var start = 0
        for (offset, session) in insertions {
            result.write(raw: UnsafeRawBufferPointer(rebasing: writer.bytes[start..<offset]))
            session.append(to: &result)
            start = offset
        }
        result.write(raw: UnsafeRawBufferPointer(rebasing: writer.bytes[start...]))
    }
}
