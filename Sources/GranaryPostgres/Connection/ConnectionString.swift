import CLibPQ
import GranaryCore

/// A libpq connection string, read: its settings, and a description that can be shown.
struct ConnectionString: Sendable {
    /// One setting, under libpq's keyword.
    struct Setting: Sendable {
        var keyword: String
        var value: String
        /// Whether libpq marks it as one to hide.
        var isSecret: Bool
    }

    /// The settings that the string names.
    private(set) var settings: [Setting]
    private let secrets: [String]

    /// Reads a connection string in either of libpq's forms: a URI, or keywords and values.
    ///
    /// - Parameter text: The string; libpq's environment variables and files fill in what it does not say.
    /// - Throws: ``StorageError`` with code `.configuration`. It does not repeat what libpq says, because libpq quotes the
    ///   part that it could not read, which may be the password.
    init(_ text: String) throws(StorageError) {
        var message: UnsafeMutablePointer<CChar>?
        let parsed = text.utf8.contains(0) ? nil : PQconninfoParse(text, &message)
        if let message { PQfreemem(message) }
        guard let parsed else {
            throw StorageError(
                .configuration,
                "The connection string cannot be read. Write postgresql://user@host:5432/database or host=… dbname=…; "
                    + "in the first form percent-encode characters such as @, : and / within the password.")
        }
        defer { PQconninfoFree(parsed) }
        var settings: [Setting] = []
        var option = parsed
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                let display = option.pointee.dispchar.map { String(cString: $0) }
                settings.append(
                    Setting(
                        keyword: String(cString: keyword), value: String(cString: value), isSecret: display == "*"))
            }
            option += 1
        }
        self.settings = settings
        let values = settings.filter { $0.isSecret && !$0.value.isEmpty }.map(\.value)
        // A message could quote the string itself, where the password stands in its encoded form.
        secrets = (values.map(Self.percentEncoded) + values)
            .sorted { $0.utf8.count > $1.utf8.count }
    }

    /// The value of a setting.
    ///
    /// - Parameter keyword: libpq's keyword.
    subscript(keyword: String) -> String? { settings.first { $0.keyword == keyword }?.value }

    /// Gives a setting a value where the string names none.
    ///
    /// - Parameters:
    ///   - keyword: libpq's keyword.
    ///   - value: The value.
    mutating func setDefault(_ keyword: String, _ value: String) {
        guard self[keyword] == nil else { return }
        settings.append(Setting(keyword: keyword, value: value, isSecret: false))
    }

    /// Whether the string names more than one host.
    var hasSeveralHosts: Bool { (self["host"] ?? self["hostaddr"] ?? "").contains(",") }

    /// A message without any of the string's secrets.
    ///
    /// - Parameter message: What libpq or the server said.
    /// - Returns: The message with `***` in their place, on one line.
    func redacting(_ message: String) -> String {
        var bytes = Array(message.utf8)
        for secret in secrets { bytes = Self.replacing(Array(secret.utf8), in: bytes) }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.map { line in
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            return words.joined(separator: " ")
        }.joined(separator: "; ")
    }

    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.append(byte)
            default:
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func replacing(_ needle: [UInt8], in text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var position = 0
        while position < text.count {
            if text[position...].starts(with: needle) {
                result += Array("***".utf8)
                position += needle.count
            } else {
                result.append(text[position])
                position += 1
            }
        }
        return result
    }
}

extension ConnectionString: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The settings in libpq's keyword form, with `***` for passwords.
    var description: String {
        settings.map { "\($0.keyword)=\($0.isSecret ? "***" : $0.value)" }.joined(separator: " ")
    }

    var debugDescription: String { description }

    var customMirror: Mirror { Mirror(self, children: ["settings": description]) }
}
