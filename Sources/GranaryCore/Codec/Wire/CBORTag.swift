/// The tags that mean something to the codec; all others are passed over.
enum CBORTag {
    /// A byte string that is a natural number of any size (RFC 8949, section 3.4.3).
    static let positiveBignum: UInt64 = 2
    /// The same, standing for −1 − n.
    static let negativeBignum: UInt64 = 3
    /// A byte string that is a UUID (IANA's registry of CBOR tags).
    static let uuid: UInt64 = 37
}
