/// A text that was scanned, and its nodes.
///
/// Unsafe because every value of every state is read here; safe because the nodes were made by a scanner that has seen
/// every byte they name, and a source is used within one call that runs no foreign code: whoever keeps an index gets a
/// source from the session, which is empty once the text is gone.
///
/// Public for what ``Coded()`` generates.
public struct JSONSource {
    private let base: UnsafeRawPointer?
    private let nodes: UnsafePointer<JSONNode>?
    private let count: Int
    /// What `init(from:)` finds in its decoder's `userInfo`; lent as the text is.
    let userInfo: UnsafePointer<[CodingUserInfoKey: any Sendable]>?

    /// Makes a source of a text and the nodes made of it.
    init(
        base: UnsafeRawPointer, nodes: UnsafeBufferPointer<JSONNode>,
        userInfo: UnsafePointer<[CodingUserInfoKey: any Sendable]>
    ) {
        self.base = base
        self.userInfo = userInfo
        self.nodes = nodes.baseAddress
        count = nodes.count
    }

    /// Makes a source without a text.
    init() {
        base = nil
        nodes = nil
        count = 0
        userInfo = nil
    }

    /// The index of the `null` behind the last value.
    var absent: Int { count &- 1 }

    /// The node at an index.
    @usableFromInline
    @inline(__always)
    func node(_ index: Int) -> JSONNode {
        guard index >= 0, index < count, let nodes else { return .gone }
        return nodes[index]
    }

    /// The index of the node behind a value.
    @usableFromInline
    @inline(__always)
    func next(_ index: Int) -> Int { Int(node(index).next) }

    /// The bytes of a string or a number of this source.
    @inline(__always)
    func bytes(_ node: JSONNode) -> UnsafeRawBufferPointer {
        guard let base, node.kind == .string || node.kind == .number else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(start: base + Int(node.offset), count: Int(node.count))
    }

    /// True if the value is `null`.
    @usableFromInline
    @inline(__always)
    func isNull(_ index: Int) -> Bool { node(index).kind == .null }

    /// Reads a boolean.
    @inline(__always)
    func bool(_ index: Int) throws(JSONFault) -> Bool {
        switch node(index).kind {
        case .true: return true
        case .false: return false
        default: throw mismatch("expected a boolean", index)
        }
    }

    /// Begins to read a container.
    @usableFromInline
    @inline(__always)
    func open(_ kind: JSONNode.Kind, _ index: Int) throws(JSONFault) -> JSONNode {
        let node = node(index)
        guard node.kind == kind else {
            throw mismatch(kind == .object ? "expected an object" : "expected an array", index)
        }
        return node
    }

    /// The error for a value of another kind.
    @inline(never)
    func mismatch(_ text: StaticString, _ index: Int) -> JSONFault {
        let node = node(index)
        return JSONFault(.mismatch, text, position: Int(node.offset), node: index, found: node.kind)
    }

    /// The error for a value that its type refuses.
    @inline(never)
    func corrupted(_ text: StaticString, _ index: Int) -> JSONFault {
        JSONFault(.corrupted, text, position: Int(node(index).offset), node: index)
    }
}
