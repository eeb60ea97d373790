/// Why a process refused a connection.
package enum RefusalCode: UInt8, Hashable, Sendable {
    /// The versions of the wire protocol do not meet.
    case version = 1
    /// It belongs to another cluster.
    case cluster = 2
    /// Another incarnation, or another silo, lives at this address.
    case incarnation = 3
    /// The session to take up again is not known here.
    case session = 4
    /// The process that asks is known to have ended.
    case ended = 5
    /// Too many connections, or not ready yet: try again later.
    case busy = 6
    /// A reason that a newer version gave.
    case other = 255
}
