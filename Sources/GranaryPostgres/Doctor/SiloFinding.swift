/// What the database knows of a silo that has not ended.
package struct SiloFinding: Hashable, Sendable, Encodable {
    /// Its number.
    package var silo: Int
    /// Its name.
    package var name: String
    /// Where it listens.
    package var address: String
    /// `joining`, `active` or `leaving`.
    package var status: String
    /// Whether its lease was renewed while somebody looked.
    package var isRenewing: Bool
}
