/// Whether a process that opens a connection is welcome.
package enum Admission: Hashable, Sendable {
    /// It is.
    case welcome
    /// It is not.
    case refused(RefusalCode, reason: String)
}
