/// The encoder that one value sees.
///
/// All encoders of a run append to the same bytes, so only the innermost may write. A nested container is finished when
/// its parent is; when the parent goes on before, the container moves to a run of its own and stays usable.
final class JSONValueEncoder: Encoder {
    enum Shape {
        case none, single, array, object
    }

    var session: CBOREncodingSession
    /// The encoder around this one; not kept by nested containers, which their parent keeps.
    private let parent: JSONValueEncoder?
    private let outerPath: [any CodingKey]
    private let key: (any CodingKey)?
    /// How many encoders contain this one.
    let level: Int
    /// How many arrays and objects contain this value.
    let depth: Int
    var shape = Shape.none
    /// Where the value begins in the run.
    var head: Int
    /// The number of elements or entries so far.
    var count = 0
    var isFinished = false
    /// The nested container that was made last, while it is still in the same run.
    var nested: JSONValueEncoder?
    /// Nested containers that went on after this one did, each in a run of its own.
    var detached: [JSONValueEncoder] = []
    /// Nested containers by their keys: who asks for one again, as a superclass may, goes on with the first.
    var nestedByKey: [String: JSONValueEncoder]?

    init(
        session: CBOREncodingSession, parent: JSONValueEncoder?, key: (any CodingKey)?, level: Int, depth: Int,
        outerPath: [any CodingKey] = []
    ) {
        self.session = session
        self.parent = parent
        self.key = key
        self.level = level
        self.depth = depth
        self.outerPath = outerPath
        head = session.writer.count
    }

    var codingPath: [any CodingKey] {
        let outer = parent?.codingPath ?? outerPath
        return key.map { outer + [$0] } ?? outer
    }

    var userInfo: [CodingUserInfoKey: Any] { session.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        open(.object)
        return KeyedEncodingContainer(JSONKeyedEncodingContainer<Key>(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        open(.array)
        return JSONUnkeyedEncodingContainer(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        JSONSingleValueEncodingContainer(encoder: self)
    }

    /// An error about this value, or about the one for a key in it.
    func error(_ message: String, _ value: Any? = nil, for key: (any CodingKey)? = nil) -> EncodingError {
        let path = key.map { codingPath + [$0] } ?? codingPath
        return EncodingError.invalidValue(
            value as Any, EncodingError.Context(codingPath: path, debugDescription: message))
    }
}
