/// The major types of RFC 8949, section 3.1: the upper three bits of an item's first byte.
@usableFromInline
enum CBORMajor {
    @inlinable static var unsigned: UInt8 { 0 }
    @inlinable static var negative: UInt8 { 1 }
    static let bytes: UInt8 = 2
    static let text: UInt8 = 3
    @inlinable static var array: UInt8 { 4 }
    @inlinable static var map: UInt8 { 5 }
    static let tag: UInt8 = 6
    static let simple: UInt8 = 7
}
