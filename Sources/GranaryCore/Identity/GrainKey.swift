public import struct FoundationEssentials.UUID

/// The typed key of a grain: what tells one identity of a grain type from another.
///
/// `String`, `Int`, `UUID` and raw-representable types over them are keys. A type of your own becomes a key by giving
/// its text and by reading it back; both directions must agree, because the text is what is stored.
///
/// ```swift
/// struct OrderID: GrainKey {
///     var number: Int
///     var keyText: String { "order-\(number)" }
///     init?(keyText: String) { … }
/// }
/// ```
public protocol GrainKey: Hashable, Sendable {
    /// The key as text: 1 to 1,024 bytes of UTF-8, not blank, without NUL.
    ///
    /// Equal keys have equal texts, byte for byte, and different keys have different ones. Mind that Swift holds strings
    /// equal whose bytes differ, such as the two ways to write é: a key of your own that keeps text from outside
    /// compares the text's `utf8`, or normalises the text first. `String` and types over it do the former.
    var keyText: String { get }

    /// Reads a key back from its text; fails when the text names no key of this type.
    ///
    /// - Parameter keyText: What ``keyText`` gave for some key.
    init?(keyText: String)

    /// The hash that the activation table files this key under; equal keys have equal hashes.
    ///
    /// The default serves every type. It is a requirement so that fixed-width keys can skip the keyed hasher.
    var _tableHash: UInt32 { get }

    /// Whether ``_tableHash`` costs so little that the activation table works it out again and keeps none.
    ///
    /// `false` by default.
    static var _isHashedQuickly: Bool { get }

    /// Whether two keys name the same grain; such keys have equal ``_tableHash``es.
    ///
    /// The default compares with `==`. It is a requirement so that strings compare by bytes, as the database does.
    static func _isSame(_ left: Self, _ right: Self) -> Bool
}

extension GrainKey {
    /// The default: Swift's own keyed hash, folded to 32 bits.
    @inlinable
    public var _tableHash: UInt32 {
        let hash = UInt(bitPattern: hashValue)
        return UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
    }

    /// The default: the table keeps the hash.
    @inlinable public static var _isHashedQuickly: Bool { false }

    /// The default: Swift's own equality.
    @inlinable
    public static func _isSame(_ left: Self, _ right: Self) -> Bool { left == right }
}

extension String: GrainKey {
    /// The string itself.
    @inlinable public var keyText: String { self }

    /// Every string is a key's text.
    @inlinable
    public init?(keyText: String) { self = keyText }

    /// Compares by bytes: Swift's `==` takes the two ways to write é for one, and the database has a row for each.
    @inlinable
    public static func _isSame(_ left: String, _ right: String) -> Bool {
        #if _pointerBitWidth(_64)
        // Two copies of the same bits are the same value, whatever the bits mean; this settles short strings, which lie
        // within their 16 bytes, and strings that share their storage, as quickly as `==` does. The sizes agree: a string
        // is two words wherever words have 64 bits.
        if unsafeBitCast(left, to: (UInt64, UInt64).self) == unsafeBitCast(right, to: (UInt64, UInt64).self) {
            return true
        }
        #endif
        return left.hasSameBytes(as: right)
    }
}

extension Int: GrainKey {
    /// The decimal form.
    public var keyText: String { String(self) }

    /// Reads the decimal form that ``keyText`` gives, and no other: neither `+1` nor `01`.
    public init?(keyText: String) {
        guard let value = Int(keyText), String(value) == keyText else { return nil }
        self = value
    }

    /// One multiplication and a fold (the finaliser of MurmurHash3): integers need no keyed hash.
    @inlinable
    public var _tableHash: UInt32 {
        var mixed = UInt64(bitPattern: Int64(self))
        mixed ^= mixed >> 33
        mixed &*= 0xff51_afd7_ed55_8ccd
        mixed ^= mixed >> 33
        return UInt32(truncatingIfNeeded: mixed ^ (mixed >> 32))
    }

    /// A key and its activation's address are all that a slot of the table has.
    @inlinable public static var _isHashedQuickly: Bool { true }
}

extension Int64: GrainKey {
    /// The decimal form.
    public var keyText: String { String(self) }

    /// Reads the decimal form that ``keyText`` gives, and no other.
    public init?(keyText: String) {
        guard let value = Int64(keyText), String(value) == keyText else { return nil }
        self = value
    }
}

extension UInt64: GrainKey {
    /// The decimal form.
    public var keyText: String { String(self) }

    /// Reads the decimal form that ``keyText`` gives, and no other.
    public init?(keyText: String) {
        guard let value = UInt64(keyText), String(value) == keyText else { return nil }
        self = value
    }
}

extension UUID: GrainKey {
    /// The lower-case form of RFC 9562, as PostgreSQL prints it.
    public var keyText: String { uuidString.lowercased() }

    /// Reads the form of RFC 9562 in either case.
    public init?(keyText: String) {
        self.init(uuidString: keyText)
    }
}

extension GrainKey where Self: RawRepresentable, RawValue: GrainKey {
    /// The text of the raw value.
    @inlinable public var keyText: String { rawValue.keyText }

    /// Reads the raw value's text.
    @inlinable
    public init?(keyText: String) {
        guard let raw = RawValue(keyText: keyText) else { return nil }
        self.init(rawValue: raw)
    }
}

extension GrainKey where Self: RawRepresentable, RawValue == String {
    /// The hash of the text.
    @inlinable public var _tableHash: UInt32 { keyText._tableHash }

    /// Compares the texts by bytes.
    @inlinable
    public static func _isSame(_ left: Self, _ right: Self) -> Bool { String._isSame(left.keyText, right.keyText) }
}
