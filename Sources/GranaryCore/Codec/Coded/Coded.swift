/// A type that Granary writes and reads itself, without the containers of `Codable`; ``Coded()`` makes types so.
///
/// What is written, and what can be read, is the same as without the conformance: whatever a type does not expect, it
/// leaves to its `Codable`, which reads it or says what is wrong. So a type can be marked, or not be marked any longer,
/// at any time.
///
/// Collections are requirements of their elements, because the compiler specialises the loops for each element type
/// only there.
public protocol Coded: _JSONCoded, Codable {
    /// Appends the value as one item.
    func _write(to writer: inout CBORWriter) throws(CBORFault)

    /// Reads one item.
    static func _read(from reader: inout CBORReader) throws(CBORFault) -> Self

    /// Appends an array as one item.
    static func _write(elements: [Self], to writer: inout CBORWriter) throws(CBORFault)

    /// Reads an array.
    static func _readElements(from reader: inout CBORReader) throws(CBORFault) -> [Self]

    /// Appends a dictionary as one item.
    static func _write(entries: [String: Self], to writer: inout CBORWriter) throws(CBORFault)

    /// Reads a map with text keys.
    static func _readEntries(from reader: inout CBORReader) throws(CBORFault) -> [String: Self]

    /// True if a property with this value is left out: `nil`.
    var _isAbsent: Bool { get }

    /// The value of a property that is left out, if it may be.
    static var _absent: Self? { get }

    /// True if no value contains other items: then arrays and maps of them declare their counts, whatever those are.
    static var _isLeaf: Bool { get }
}

extension Coded {
    /// False: only optionals are left out.
    @inlinable public var _isAbsent: Bool { false }
    /// None: only optionals are left out.
    @inlinable public static var _absent: Self? { nil }
    /// False: most types contain others.
    @inlinable public static var _isLeaf: Bool { false }
}
