/// Whole first bytes that have a meaning of their own.
@usableFromInline
enum CBORByte {
    static let indefiniteArray: UInt8 = 0x9f
    static let indefiniteMap: UInt8 = 0xbf
    static let emptyMap: UInt8 = 0xa0
    static let `false`: UInt8 = 0xf4
    static let `true`: UInt8 = 0xf5
    @inlinable static var null: UInt8 { 0xf6 }
    static let undefined: UInt8 = 0xf7
    static let half: UInt8 = 0xf9
    static let single: UInt8 = 0xfa
    static let double: UInt8 = 0xfb
    static let `break`: UInt8 = 0xff
}
