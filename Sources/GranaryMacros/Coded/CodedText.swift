/// The pieces of what `@Coded` generates.
enum CodedText {
    /// The heads of the four members, up to the brace.
    static func write(_ access: String) -> String {
        "nonisolated \(access)func _write(to writer: inout GranaryCore.CBORWriter) throws(GranaryCore.CBORFault) {"
    }

    static func read(_ access: String) -> String {
        "nonisolated \(access)static func _read(from reader: inout GranaryCore.CBORReader) "
            + "throws(GranaryCore.CBORFault) -> Self {"
    }

    static func writeJSON(_ access: String) -> String {
        "nonisolated \(access)func _writeJSON(to writer: inout GranaryCore.CBORWriter) throws(GranaryCore.JSONFault) {"
    }

    static func readJSON(_ access: String) -> String {
        "nonisolated \(access)static func _readJSON(_ index: Swift.Int, of source: GranaryCore.JSONSource) "
            + "throws(GranaryCore.JSONFault) -> Self {"
    }

    /// A line that the compiler refuses if the type's values are raw values after all.
    static let check = "GranaryCore._consistsOfFields(Self.self)"

    /// The keys of several fields or cases with a zero byte behind each, as a literal.
    static func names(_ keys: [String]) -> String { keys.map { $0 + "\0" }.joined().literal }

    /// A key as it stands in an object of JSON, with the comma before it and the colon behind it, as a literal.
    static func prefix(_ key: String) -> String {
        var text = ",\""
        for scalar in key.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\u{8}": text += "\\b"
            case "\u{c}": text += "\\f"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return (text + "\":").literal
    }

    /// Arguments with labels where there are names.
    static func arguments(_ fields: [CodedField], _ value: (Int) -> String) -> String {
        fields.enumerated().map { index, field in
            field.name.isEmpty ? value(index) : "\(label(field.name)): \(value(index))"
        }.joined(separator: ", ")
    }

    /// A name as a label, where the compiler warns of backticks that it does not need.
    private static func label(_ name: String) -> String {
        let plain = name.filter { $0 != "`" }
        let isKeyword = ["inout", "let", "var"].contains(plain)
        return isKeyword || plain.contains { !$0.isLetter && !$0.isNumber && $0 != "_" } ? name : plain
    }
}
