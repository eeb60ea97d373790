/// What becomes of types that write and read themselves where `Codable` meets one.
enum CodedUse {
    /// They do, and what they leave to `Codable` it does.
    case orCodable
    /// They do, and when they cannot the whole value is left to `Codable`: it is itself part of one that tries.
    case orNothing
    /// They do not, because one of them could not: `Codable` does it all, and says what is wrong and where.
    case never
}
