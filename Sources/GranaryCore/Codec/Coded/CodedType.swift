/// What the codec knows of a type.
struct CodedType {
    /// The type itself, if it writes and reads itself.
    let coded: (any Coded.Type)?
    /// The type itself, if it writes and reads itself as JSON.
    let json: (any _JSONCoded.Type)?
    /// True if nothing is left to `Codable`: its errors say no more than the codec's own.
    let isFinal: Bool
}
