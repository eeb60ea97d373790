/// An array while it is being read; each container of an array begins at its first element.
struct JSONUnkeyedDecodingContainer: UnkeyedDecodingContainer {
    private let decoder: JSONValueDecoder
    private var place: JSONArrayPlace

    init(decoder: JSONValueDecoder, place: JSONArrayPlace) {
        self.decoder = decoder
        self.place = place
    }

    var codingPath: [any CodingKey] { decoder.codingPath }

    /// The number of elements.
    var count: Int? { place.count }

    var currentIndex: Int { place.index }

    /// True behind the last element.
    var isAtEnd: Bool { place.isAtEnd }

    mutating func decodeNil() throws -> Bool { try decoder.null(at: &place) }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.element(type, at: &place) }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try decoder.directElement(type, at: &place) }
    mutating func decode(_ type: String.Type) throws -> String { try decoder.directElement(type, at: &place) }
    mutating func decode(_ type: Double.Type) throws -> Double { try decoder.directElement(type, at: &place) }
    mutating func decode(_ type: Float.Type) throws -> Float { try decoder.directElement(type, at: &place) }
    mutating func decode(_ type: Int.Type) throws -> Int { try decoder.directElement(type, at: &place) }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try decoder.directElement(type, at: &place) }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try decoder.directElement(type, at: &place) }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try decoder.directElement(type, at: &place) }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try decoder.directElement(type, at: &place) }
    mutating func decode(_ type: Int128.Type) throws -> Int128 { try decoder.directElement(type, at: &place) }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try decoder.directElement(type, at: &place) }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try decoder.directElement(type, at: &place) }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try decoder.directElement(type, at: &place) }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try decoder.directElement(type, at: &place) }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try decoder.directElement(type, at: &place) }
    mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try decoder.directElement(type, at: &place) }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try decoder.nested(at: &place, KeyedDecodingContainer<NestedKey>.self) { child in
            try child.container(keyedBy: type)
        }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try decoder.nested(at: &place, (any UnkeyedDecodingContainer).self) { child in try child.unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder {
        try decoder.nested(at: &place, (any Decoder).self) { child in child }
    }
}
