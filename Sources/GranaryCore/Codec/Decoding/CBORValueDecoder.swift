/// The decoder that one value sees.
///
/// It keeps no pointer: a reader is made from the session for each step.
final class CBORValueDecoder: Decoder {
    let session: CBORDecodingSession
    /// Where the value is.
    let start: Int
    /// The decoder around this one; not kept by those of nested containers, which their parent may keep.
    let parent: CBORValueDecoder?
    private let outerPath: [any CodingKey]
    private let key: (any CodingKey)?
    /// How many decoders contain this one.
    let level: Int
    /// How many arrays and maps contain this value.
    let depth: Int
    /// Where the value ends, once that is known.
    var end: Int?
    /// The walk over the value, if it is read as a map.
    ///
    /// Accesses cannot overlap, because nothing that the walk does runs foreign code or knows the decoder; to have the
    /// runtime watch for that would cost a tenth of a decoding.
    @exclusivity(unchecked)
    var map: CBORMapWalk?
    /// The furthest place in the value, if it is read as an array; accesses cannot overlap here either.
    @exclusivity(unchecked)
    var array: CBORArrayPlace?
    /// The nested container at the map's cursor, which will know where it ends.
    var nested: CBORValueDecoder?

    init(
        session: CBORDecodingSession, start: Int, parent: CBORValueDecoder?, key: (any CodingKey)?, level: Int,
        depth: Int, outerPath: [any CodingKey] = []
    ) {
        self.session = session
        self.start = start
        self.parent = parent
        self.key = key
        self.level = level
        self.depth = depth
        self.outerPath = outerPath
    }

    var codingPath: [any CodingKey] {
        let outer = parent?.codingPath ?? outerPath
        return key.map { outer + [$0] } ?? outer
    }

    var userInfo: [CodingUserInfoKey: Any] { session.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        if map == nil {
            var reader = reader(at: start)
            do throws(CBORFault) {
                let count = try reader.openContainer(CBORMajor.map)
                map = CBORMapWalk(cursor: reader.position, count: count)
            } catch {
                throw located(error, [String: Any].self)
            }
        }
        return KeyedDecodingContainer(CBORKeyedDecodingContainer<Key>(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        var reader = reader(at: start)
        do throws(CBORFault) {
            let count = try reader.openContainer(CBORMajor.array)
            let place = CBORArrayPlace(offset: reader.position, count: count)
            if array == nil { array = place }
            return CBORUnkeyedDecodingContainer(decoder: self, place: place)
        } catch {
            throw located(error, [Any].self)
        }
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        CBORSingleValueDecodingContainer(decoder: self)
    }

    /// A reader of the value's own bytes.
    @inline(__always)
    func reader(at offset: Int) -> CBORReader { session.reader(at: offset, depth: depth) }

    /// A reader of an element or an entry.
    @inline(__always)
    func elementReader(at offset: Int) -> CBORReader { session.reader(at: offset, depth: depth &+ 1) }

    /// Where the value ends, whatever of it was read.
    func finish() throws -> Int {
        do throws(CBORFault) {
            return try findEnd()
        } catch {
            throw located(error, Any.self)
        }
    }

    private func findEnd() throws(CBORFault) -> Int {
        if let end { return end }
        var reader = reader(at: start)
        if map != nil {
            try leaveNested()
            try map?.walkToEnd(elementReader(at: start))
            reader.position = map?.cursor ?? start
        } else if var array {
            reader.position = array.offset
            while array.isOpenEnded ? try !reader.readBreak() : !array.isBehindLast {
                try reader.skip(depth: depth + 1)
                array.pass(to: reader.position)
            }
        } else {
            try reader.skip(depth: depth)
        }
        end = reader.position
        return reader.position
    }

    /// Lets the map's walk go on behind a nested container.
    func leaveNested() throws(CBORFault) {
        guard let nested else { return }
        self.nested = nil
        map?.didRead(nested.start, end: try nested.findEnd())
    }

    /// Gives a fault its place; `DecodingError` is what handwritten `init(from:)` code expects.
    func located(_ fault: CBORFault, _ type: Any.Type, _ key: (any CodingKey)? = nil) -> DecodingError {
        var path = codingPath
        var error = CodecError(fault)
        if fault.code == .missingKey, let key, key.intValue == nil || !(key is CBORIndexKey) {
            error.message = "the key '\(key.stringValue)' is missing"
        } else if let key {
            path.append(key)
        }
        error.path = CodecError.names(path)
        return error.asDecodingError(type: type, codingPath: path, key: key)
    }
}
