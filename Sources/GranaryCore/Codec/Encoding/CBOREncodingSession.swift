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

    init(writer: consuming CBORWriter, userInfo: [CodingUserInfoKey: any Sendable], maximumDepth: Int) {
        self.writer = writer
        self.userInfo = userInfo
        self.maximumDepth = maximumDepth
        level = 0
        log = CBOREncodingLog()
    }

    private init(splitFrom session: CBOREncodingSession, at offset: Int, level: Int) {
        writer = session.writer.split(at: offset)
        userInfo = session.userInfo
        maximumDepth = session.maximumDepth
        self.level = level
        log = session.log
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

    /// A place to come back to.
    struct Mark {
        fileprivate let bytes: Int
        fileprivate let insertions: Int
    }

    /// Ends the session and gives its bytes with all runs in their places.
    func takeBytes() -> CBORWriter {
        var result = CBORWriter()
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
