/// One step of the way along calls that wait for each other.
package enum WaitStep: Hashable, Sendable, Codable {
    /// A call waits at a grain's gate, for so long by the clock of its silo; the number is the silo's own.
    case gate(silo: Int32, number: UInt64, type: String, key: String, milliseconds: Int64)
    /// The turn that holds that gate awaits a call in another silo; the number is the one that the call travels with.
    case call(silo: Int32, number: UInt64)

    /// The silo that can tell whether it is still so.
    package var silo: Int32 {
        switch self {
        case .gate(let silo, _, _, _, _), .call(let silo, _): silo
        }
    }
}
