public import ShopAPI

/// An answer of the shop that is no success.
public struct ShopRefusal: Error, CustomStringConvertible {
    /// The status, such as 409.
    public var status: Int
    /// What the shop said; `nil` when it said something else than a problem.
    public var problem: ProblemBody?

    /// The shop's stable name for the problem; empty when it gave none.
    public var code: String { problem?.error.code ?? "" }

    /// The status and what the shop said.
    public var description: String { "\(status) \(code): \(problem?.error.message ?? "")" }
}
