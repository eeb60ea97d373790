import GranaryCore

/// The parameters of one statement in PostgreSQL's binary format, one after the other in one array.
///
/// Binary arrays need no escaping and no text form of numbers; JSON is copied once, from the caller's bytes to here.
struct ParameterBuffer: Sendable {
    /// The object identifiers of the types that Granary sends, as in `pg_type.dat`; they never change.
    enum TypeID: UInt32, Sendable {
        case boolean = 16
        case bigint = 20
        case integer = 23
        case text = 25
        case integerArray = 1007
        case textArray = 1009
        case uuid = 2950
        case uuidArray = 2951
        case jsonb = 3802
        case jsonbArray = 3807

        /// The type of an array of this type.
        var array: TypeID {
            switch self {
            case .integer: return .integerArray
            case .uuid: return .uuidArray
            case .jsonb: return .jsonbArray
            default: return .textArray
            }
        }
    }

    /// Where one parameter lies in ``bytes``; a `nil` length is SQL's null.
    struct Slice: Sendable {
        var offset: Int
        var length: Int?
        var type: TypeID
    }

    /// The values.
    private(set) var bytes: [UInt8] = []
    /// The parameters in order.
    private(set) var slices: [Slice] = []

    /// Makes an empty buffer.
    ///
    /// - Parameter capacity: How many bytes to make room for.
    init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    private mutating func add(_ type: TypeID, _ write: (inout ParameterBuffer) -> Void) {
        let start = bytes.count
        write(&self)
        slices.append(Slice(offset: start, length: bytes.count - start, type: type))
    }

    private mutating func append<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func add(_ value: Bool) { add(.boolean) { $0.bytes.append(value ? 1 : 0) } }

    mutating func add(_ value: Int32) { add(.integer) { $0.append(value) } }

    mutating func add(_ value: Int64) { add(.bigint) { $0.append(value) } }

    mutating func add(_ value: String) { add(.text) { $0.bytes.append(contentsOf: value.utf8) } }

    mutating func add(_ value: ETag) {
        add(.uuid) {
            $0.append(value.high)
            $0.append(value.low)
        }
    }

    /// Adds a null.
    ///
    /// - Parameter type: The parameter's type.
    mutating func addNull(_ type: TypeID) { slices.append(Slice(offset: bytes.count, length: nil, type: type)) }

    /// Adds JSON: jsonb's binary format is its version, 1, and the text.
    ///
    /// - Parameter json: The text in UTF-8.
    mutating func add(json: [UInt8]) {
        add(.jsonb) {
            $0.bytes.append(1)
            $0.bytes.append(contentsOf: json)
        }
    }

    /// Adds a one-dimensional array.
    ///
    /// - Parameters:
    ///   - element: The type of the elements.
    ///   - count: How many elements follow.
    ///   - hasNulls: Whether some of them are null.
    ///   - write: Writes the elements, one call of a `write…` method for each.
    mutating func addArray(
        of element: TypeID, count: Int, hasNulls: Bool, _ write: (inout ParameterBuffer) -> Void
    ) {
        add(element.array) {
            $0.append(Int32(count == 0 ? 0 : 1))
            $0.append(Int32(hasNulls ? 1 : 0))
            $0.append(element.rawValue)
            guard count > 0 else { return }
            $0.append(Int32(count))
            $0.append(Int32(1))
            write(&$0)
        }
    }

    mutating func writeNull() { append(Int32(-1)) }

    mutating func write(_ value: Int32) {
        append(Int32(4))
        append(value)
    }

    mutating func write(_ value: String) {
        append(Int32(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    mutating func write(_ value: ETag?) {
        guard let value else { return writeNull() }
        append(Int32(16))
        append(value.high)
        append(value.low)
    }

    mutating func write(json: [UInt8]?) {
        guard let json else { return writeNull() }
        append(Int32(json.count + 1))
        bytes.append(1)
        bytes.append(contentsOf: json)
    }
}
