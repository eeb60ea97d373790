/// One thing that was looked at.
package struct Finding: Hashable, Sendable, Encodable {
    /// What was looked at, in a word: `connection`, `durability`, `schema`, `silos`.
    package var subject: String
    /// Whether it is as it must be.
    package var isGood: Bool
    /// What was found and, if it is not good, what to do.
    package var message: String
}
