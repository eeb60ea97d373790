/// The first byte of an item and the argument that follows from it (RFC 8949, section 3).
@usableFromInline
struct CBORHead: Sendable {
    /// Major type and additional information.
    @usableFromInline let initial: UInt8
    /// The value, the length, the count, the tag or the bits of a float; 0 where the length is indefinite.
    @usableFromInline let argument: UInt64

    /// The major type, as in ``CBORMajor``.
    @usableFromInline var major: UInt8 { initial >> 5 }
    /// The additional information: how the argument is written.
    var info: UInt8 { initial & 0x1f }
    /// True for strings and containers that end with a break, and for the break itself.
    var isIndefinite: Bool { info == 31 }
    /// True for `null`, and for `undefined`, which counts as `null`.
    var isNull: Bool { initial == CBORByte.null || initial == CBORByte.undefined }

    /// The item's type in words.
    var kind: StaticString {
        switch major {
        case CBORMajor.unsigned, CBORMajor.negative: "an integer"
        case CBORMajor.bytes: "a byte string"
        case CBORMajor.text: "text"
        case CBORMajor.array: "an array"
        case CBORMajor.map: "a map"
        case CBORMajor.tag: "a tag"
        default: simpleKind
        }
    }

    private var simpleKind: StaticString {
        switch initial {
        case CBORByte.false, CBORByte.true: "a boolean"
        case CBORByte.null, CBORByte.undefined: "null"
        case CBORByte.half, CBORByte.single, CBORByte.double: "a floating-point number"
        case CBORByte.break: "a break"
        default: "a simple value"
        }
    }
}
