/// The decoder that one value sees.
///
/// It keeps no pointer: the session gives the source for each step.
final class JSONValueDecoder: Decoder {
    let session: JSONDecodingSession
    /// The index of the value's node.
    let node: Int
    private let parent: JSONValueDecoder?
    private let key: (any CodingKey)?
    /// How many decoders contain this one.
    let level: Int
    /// The value's entries, if it is read as an object.
    ///
    /// Accesses cannot overlap, because nothing that looks for an entry runs foreign code or knows the decoder; to have the
    /// runtime watch for that would cost a tenth of a decoding.
    @exclusivity(unchecked)
    var object: JSONObjectPlace?

    init(session: JSONDecodingSession, node: Int, parent: JSONValueDecoder?, key: (any CodingKey)?) {
        self.session = session
        self.node = node
        self.parent = parent
        self.key = key
        level = parent.map { $0.level &+ 1 } ?? 0
    }

    /// The text.
    @inline(__always)
    var source: JSONSource { session.source }

    var codingPath: [any CodingKey] {
        var path: [any CodingKey] = []
        var decoder: JSONValueDecoder? = self
        while let next = decoder {
            if let key = next.key { path.append(key) }
            decoder = next.parent
        }
        return path.reversed()
    }

    var userInfo: [CodingUserInfoKey: Any] { session.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        if object == nil {
            let source = source
            do throws(JSONFault) {
                object = JSONObjectPlace(node, try source.open(.object, node), source)
            } catch {
                throw located(
                    error, source.isNull(node) ? KeyedDecodingContainer<Key>.self : [String: Any].self, at: node)
            }
        }
        return KeyedDecodingContainer(JSONKeyedDecodingContainer<Key>(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        do throws(JSONFault) {
            let array = try source.open(.array, node)
            return JSONUnkeyedDecodingContainer(
                decoder: self, place: JSONArrayPlace(node: node &+ 1, count: array.count))
        } catch {
            throw located(error, source.isNull(node) ? (any UnkeyedDecodingContainer).self : [Any].self, at: node)
        }
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        JSONSingleValueDecodingContainer(decoder: self)
    }

    /// A decoder for the value of a node in this one, or for the same value as another type.
    func child(_ node: Int, _ key: (any CodingKey)?) throws -> JSONValueDecoder {
        let child = JSONValueDecoder(session: session, node: node, parent: self, key: key)
        // Types that read themselves from the same value again would go on until the stack ends.
        guard child.level < 4 * JSONStateEncoder.maximumDepth else {
            throw child.located(source.corrupted("values are nested too deeply", node), Any.self, at: node)
        }
        return child
    }
}
