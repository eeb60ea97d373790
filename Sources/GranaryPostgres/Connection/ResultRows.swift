import CLibPQ
import GranaryCore

/// The rows that a statement gave, in binary format.
///
/// It is `@unchecked Sendable` because libpq never changes a `PGresult` after it handed it over, reading one is safe from
/// any thread (libpq's manual, "Behavior in Threaded Programs"), and only `deinit` frees it.
final class ResultRows: @unchecked Sendable {
    private let result: OpaquePointer

    /// Takes over a result.
    ///
    /// - Parameter result: A `PGresult` that nobody else frees.
    init(owning result: OpaquePointer) { self.result = result }

    deinit { PQclear(result) }

    /// How many rows there are.
    var count: Int { Int(PQntuples(result)) }

    /// The bytes of one value; `nil` for null, for a row or column that is not there.
    ///
    /// - Parameters:
    ///   - row: The row, from 0.
    ///   - column: The column, from 0.
    /// - Returns: The bytes, valid while this object lives.
    private func bytes(_ row: Int, _ column: Int32) -> UnsafeRawBufferPointer? {
        let row = Int32(truncatingIfNeeded: row)
        guard row < PQntuples(result), column < PQnfields(result), PQgetisnull(result, row, column) == 0,
            let start = PQgetvalue(result, row, column)
        else { return nil }
        return UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
    }

    private func number<Number: FixedWidthInteger>(_ row: Int, _ column: Int32, as: Number.Type) -> Number? {
        guard let bytes = bytes(row, column), bytes.count == MemoryLayout<Number>.size else { return nil }
        return Number(bigEndian: bytes.loadUnaligned(as: Number.self))
    }

    func int32(_ row: Int, _ column: Int32) -> Int32? { number(row, column, as: Int32.self) }

    func int64(_ row: Int, _ column: Int32) -> Int64? { number(row, column, as: Int64.self) }

    func bool(_ row: Int, _ column: Int32) -> Bool? { bytes(row, column).map { $0.first == 1 } }

    func text(_ row: Int, _ column: Int32) -> String? {
        bytes(row, column).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The first byte of a value: enough to tell short words apart without making a string of each.
    func firstByte(_ row: Int, _ column: Int32) -> UInt8? { bytes(row, column)?.first }

    func etag(_ row: Int, _ column: Int32) -> ETag? {
        guard let bytes = bytes(row, column), bytes.count == 16 else { return nil }
        return ETag(
            high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }

    /// The text of a jsonb value without its leading version byte.
    func json(_ row: Int, _ column: Int32) -> [UInt8]? {
        guard let bytes = bytes(row, column), bytes.first == 1 else { return nil }
        return [UInt8](bytes.dropFirst())
    }

    /// A one-dimensional array of texts.
    func texts(_ row: Int, _ column: Int32) -> [String]? {
        guard let bytes = bytes(row, column), bytes.count >= 12 else { return nil }
        func number(at offset: Int) -> Int? {
            guard offset + 4 <= bytes.count else { return nil }
            return Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
        }
        guard number(at: 0) == 1, let count = number(at: 12) else { return [] }
        var texts: [String] = []
        var offset = 20
        for _ in 0..<max(0, count) {
            guard let length = number(at: offset), length >= 0, offset + 4 + length <= bytes.count else { return nil }
            texts.append(String(decoding: bytes[(offset + 4)..<(offset + 4 + length)], as: UTF8.self))
            offset += 4 + length
        }
        return texts
    }
}
