#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// A file of calls, which holds what a process saw until it was killed: each record is handed to the system at once.
public final class CallLog: Sendable {
    private static let size = 32
    private let descriptor: Int32

    /// Begins a file.
    public init(path: String) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    }

    deinit { close(descriptor) }

    /// Adds a record.
    public func add(_ record: CallRecord) {
        withUnsafeTemporaryAllocation(byteCount: Self.size, alignment: 8) { bytes in
            bytes.storeBytes(of: record.key, toByteOffset: 0, as: Int32.self)
            bytes.storeBytes(of: Int32(record.outcome.rawValue), toByteOffset: 4, as: Int32.self)
            bytes.storeBytes(of: record.number, toByteOffset: 8, as: Int64.self)
            bytes.storeBytes(of: record.began, toByteOffset: 16, as: Int64.self)
            bytes.storeBytes(of: record.ended, toByteOffset: 24, as: Int64.self)
            _ = write(descriptor, bytes.baseAddress, Self.size)
        }
    }

    /// Reads records.
    ///
    /// - Parameter bytes: The content of a file.
    /// - Returns: The records, in the order in which the calls ended.
    public static func read(_ bytes: [UInt8]) -> [CallRecord] {
        bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / size).compactMap { index in
                let start = index * size
                let code = bytes.loadUnaligned(fromByteOffset: start + 4, as: Int32.self)
                guard let outcome = CallRecord.Outcome(rawValue: UInt8(truncatingIfNeeded: code)) else { return nil }
                return CallRecord(
                    key: bytes.loadUnaligned(fromByteOffset: start, as: Int32.self), outcome: outcome,
                    number: bytes.loadUnaligned(fromByteOffset: start + 8, as: Int64.self),
                    began: bytes.loadUnaligned(fromByteOffset: start + 16, as: Int64.self),
                    ended: bytes.loadUnaligned(fromByteOffset: start + 24, as: Int64.self))
            }
        }
    }

    /// How many records a file has.
    public static func count(path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) / size : 0
    }

    /// The machine's clock, which all processes share, in nanoseconds.
    public static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
