import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes for people and for programs.
enum Output {
    /// Writes one value as JSON on one line of standard output, with sorted keys.
    ///
    /// - Parameter value: The value.
    /// - Throws: What the encoder throws.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Writes a line to standard error.
    ///
    /// - Parameter message: The line.
    static func complain(_ message: String) {
        let bytes = Array("granary: \(message)\n".utf8)
        // There is nobody to tell when standard error itself is closed.
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Writes rows in columns, each as wide as its widest cell.
    ///
    /// - Parameter rows: The rows, the heading first.
    static func table(_ rows: [[String]]) {
        let widths = (0..<(rows.first?.count ?? 0)).map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            var line = ""
            for (cell, width) in zip(row, widths) {
                line += cell + String(repeating: " ", count: width - cell.count + 2)
            }
            while line.last == " " { line.removeLast() }
            print(line)
        }
    }
}
