import Crypto

/// One numbered SQL file that takes the schema a step further.
///
/// The files are in the folder `Migrations` of the package and built into the library. A released file is never edited:
/// its checksum is recorded where it is applied, and a text that differs is refused.
public struct Migration: Hashable, Sendable {
    /// Its place in the order, from 1.
    public let number: Int
    /// The file's name without `.sql`, for example `0001_cluster`.
    public let name: String
    /// The file's text.
    public let sql: String

    /// Makes a migration.
    ///
    /// - Parameters:
    ///   - number: Its place in the order, from 1.
    ///   - name: The file's name without `.sql`.
    ///   - sql: The file's text: any number of statements, but none that ends the transaction.
    package init(number: Int, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// The SHA-256 of the file's bytes, as 64 lower-case hexadecimal digits.
    public var checksum: String {
        let digits = Array("0123456789abcdef".utf8)
        let bytes = SHA256.hash(data: Array(sql.utf8)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Migration: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}
