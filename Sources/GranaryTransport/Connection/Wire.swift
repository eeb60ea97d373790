internal import NIOCore

/// A stream of bytes to another process, with a loop that everything about it runs on, one thing after the other.
protocol Wire: AnyObject, Sendable {
    /// Where it leads, for the log.
    var remote: String { get }

    /// Whether more bytes would be buffered without harm. On the loop.
    var isWritable: Bool { get }

    /// Buffers bytes. On the loop.
    func write(_ bytes: ByteBuffer)

    /// Sends what is buffered. On the loop.
    func flush()

    /// Closes it at once. On the loop.
    func close()

    /// Sends bytes and closes it once they left, or soon after if they do not leave. On the loop.
    func close(after bytes: ByteBuffer)

    /// Runs something on the loop, later if called there.
    func execute(_ work: @escaping @Sendable () -> Void)

    /// Runs something on the loop after a while.
    func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void)
}
