/// What a call says of itself beside its arguments.
package struct CallOptions: OptionSet, Hashable, Sendable {
    /// The bits as they travel.
    package var rawValue: UInt8

    /// Makes options of bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Nobody waits for an answer.
    package static let oneWay = CallOptions(rawValue: 1)
    /// The method does not change the grain.
    package static let readOnly = CallOptions(rawValue: 2)
    /// The method may run twice.
    package static let idempotent = CallOptions(rawValue: 4)
}
