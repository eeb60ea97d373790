/// The encoder that one value sees.
///
/// A container's head is one byte, written first and set right when the container ends: up to 23 entries fit there as
/// a count, more turn it into a container of indefinite length.
///
/// All encoders of a run append to the same bytes, so only the innermost may write. A nested container is finished when
/// its parent is; when the parent goes on before, the container moves to a run of its own and stays usable.
final class CBORValueEncoder: Encoder {
    enum Shape {
        case none, single, array, map
    }

    var session: CBOREncodingSession
    /// The encoder around this one; not kept by nested containers, which their parent keeps.
    private let parent: CBORValueEncoder?
    private let outerPath: [any CodingKey]
    private let key: (any CodingKey)?
    /// How many encoders contain this one.
    let level: Int
    /// How many arrays and maps contain this value.
    let depth: Int
    var shape = Shape.none
    /// Where the value begins in the run.
    var head: Int
    /// The number of elements or entries so far.
    var count = 0
    var isFinished = false
    /// The nested container that was made last, while it is still in the same run.
    var nested: CBORValueEncoder?
    /// Nested containers that went on after this one did, each in a run of its own.
    var detached: [CBORValueEncoder] = []

    init(
        session: CBOREncodingSession, parent: CBORValueEncoder?, key: (any CodingKey)?, level: Int, depth: Int,
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
        open(.map)
        return KeyedEncodingContainer(CBORKeyedEncodingContainer<Key>(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        open(.array)
        return CBORUnkeyedEncodingContainer(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        CBORSingleValueEncodingContainer(encoder: self)
    }
}
