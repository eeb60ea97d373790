import GranaryCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A pipe to itself, by which other threads end a `poll`.
final class WakePipe: Sendable {
    /// The end to poll.
    let readEnd: Int32
    private let writeEnd: Int32

    /// Opens the pipe.
    ///
    /// - Throws: ``StorageError`` when the process has no descriptors left.
    init() throws(StorageError) {
        var ends: (Int32, Int32) = (-1, -1)
        let status = withUnsafeMutableBytes(of: &ends) { pipe($0.bindMemory(to: Int32.self).baseAddress) }
        guard status == 0 else {
            throw StorageError(.unavailable, "The process has no file descriptors left (error \(errno)).")
        }
        (readEnd, writeEnd) = ends
        for end in [readEnd, writeEnd] {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Ends the current or the next `poll`.
    ///
    /// A full pipe is as good.
    func wake() {
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)
    }

    /// Empties the pipe.
    func drain() {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
            while read(readEnd, buffer.baseAddress, buffer.count) == buffer.count {}
        }
    }
}
