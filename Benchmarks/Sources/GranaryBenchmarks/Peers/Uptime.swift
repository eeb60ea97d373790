import NIOCore

/// The machine's steady clock: the same in all processes, so that times from several of them can be compared.
enum Uptime {
    /// Nanoseconds since some moment in the past.
    static var now: Int64 { Int64(NIODeadline.now().uptimeNanoseconds) }

    /// So many nanoseconds in milliseconds.
    static func milliseconds(_ nanoseconds: Int64) -> Double { Double(nanoseconds) / 1e6 }
}
