extension String: Coded {
    /// True: it contains no other items.
    @inlinable public static var _isLeaf: Bool { true }

    /// Appends the value as one item.
    @inline(__always)
    public func _write(to writer: inout CBORWriter) { writer.write(text: self) }

    /// Reads one item.
    @inline(__always)
    public static func _read(from reader: inout CBORReader) throws(CBORFault) -> String { try reader.text() }
}
