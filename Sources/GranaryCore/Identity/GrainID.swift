/// A grain's identity as the cluster and the database know it: type name and key text, compared byte by byte.
public struct GrainID: Hashable, Sendable, Codable {
    /// The stable name of the grain type, as in `@Grain("name")`.
    public var type: String
    /// The key's text.
    public var key: String

    /// Names a grain.
    ///
    /// - Parameters:
    ///   - type: The stable name of the grain type.
    ///   - key: The key's text.
    public init(type: String, key: String) {
        self.type = type
        self.key = key
    }

    /// Whether two identities have the same bytes.
    public static func == (left: GrainID, right: GrainID) -> Bool {
        String._isSame(left.key, right.key) && String._isSame(left.type, right.type)
    }
}

extension GrainID: CustomStringConvertible {
    /// For example `ShoppingCart/alice`.
    public var description: String { "\(type)/\(key)" }
}

extension GrainID {
    /// The most bytes of UTF-8 that a type name or a key may have.
    public static let longestText = 1_024

    /// Checks the key before any I/O is done with it.
    ///
    /// - Throws: ``GrainError`` with code `.invalidKey` when the key is blank, longer than ``longestText`` bytes or
    ///   holds a NUL, which PostgreSQL cannot store.
    package func validate() throws(GrainError) {
        let bytes = key.utf8
        // One walk, since every first call comes here.
        var isBlank = true
        var holdsNul = false
        for byte in bytes {
            if byte == 0 { holdsNul = true }
            if byte != 0x20, byte < 0x09 || byte > 0x0d { isBlank = false }
        }
        if isBlank {
            throw GrainError(.invalidKey, "The key of a \(type) is empty or blank; every grain needs a key.")
        }
        if bytes.count > Self.longestText {
            throw GrainError(
                .invalidKey,
                "The key of a \(type) has \(bytes.count) bytes; at most \(Self.longestText) can be stored. "
                    + "Use a shorter key, or a hash of the long one.")
        }
        if holdsNul {
            throw GrainError(.invalidKey, "The key of a \(type) holds a NUL character, which cannot be stored.")
        }
    }
}
