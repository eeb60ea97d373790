/// What is generated for a struct.
struct CodedStruct {
    let access: String
    let fields: [CodedField]
    /// Whether the struct has its memberwise initialiser.
    let isMemberwise: Bool

    private var read: [CodedField] { fields.filter(\.isRead) }

    var members: [String] {
        [write, cborReading, writeJSON, jsonReading].flatMap { $0 }
    }

    private var write: [String] {
        let keyword = fields.isEmpty ? "let" : "var"
        let lines = fields.map { "    try writer._write(\($0.key.literal), self.\($0.name), in: &map)\n" }
        return [
            """
            \(CodedText.write(access))
                \(CodedText.check)
                \(keyword) map = try writer._openMap()
            \(lines.joined())    writer._closeMap(map)
            }
            """
        ]
    }

    private var writeJSON: [String] {
        let keyword = fields.isEmpty ? "let" : "var"
        let lines = fields.map {
            "    try writer._write(prefix: \(CodedText.prefix($0.key)), self.\($0.name), in: &object)\n"
        }
        return [
            """
            \(CodedText.writeJSON(access))
                \(keyword) object = try writer._openObject()
            \(lines.joined())    writer._closeObject(object)
            }
            """
        ]
    }

    private var cborReading: [String] {
        let names = CodedText.names(read.map(\.key))
        let values = read.enumerated().map { index, field in
            "try reader._value(\(field.key.literal), \(index), in: &fields) { (value: Self) in value.\(field.name) }"
        }
        return reading(
            CodedText.read(access),
            "init(_reading reader: inout GranaryCore.CBORReader) throws(GranaryCore.CBORFault) {",
            call: "Self(_reading: &reader)", open: "var fields = try reader._openFields(\(names))", values,
            close: "try reader._closeFields(&fields)")
    }

    private var jsonReading: [String] {
        let names = CodedText.names(read.map(\.key))
        let values = read.map {
            "try source._value(\($0.key.literal), in: &fields) { (value: Self) in value.\($0.name) }"
        }
        return reading(
            CodedText.readJSON(access),
            "init(_reading index: Swift.Int, of source: GranaryCore.JSONSource) throws(GranaryCore.JSONFault) {",
            call: "Self(_reading: index, of: source)",
            open: "\(read.isEmpty ? "let" : "var") fields = try source._openFields(index)", values,
            close: "try source._closeFields(fields, \(names))")
    }

    /// A value is made with the memberwise initialiser, which makes no default values that are overwritten at once; or with
    /// one of our own, if the user's have taken its place.
    private func reading(
        _ head: String, _ initializer: String, call: String, open: String, _ values: [String], close: String
    ) -> [String] {
        guard isMemberwise else {
            let lines = zip(read, values).map { "    self.\($0.name) = \($1)\n" }
            return [
                "\(head)\n    try \(call)\n}",
                "nonisolated private \(initializer)\n    \(open)\n\(lines.joined())    \(close)\n}",
            ]
        }
        let lines = values.enumerated().map { "    let v\($0) = \($1)\n" }
        let arguments = CodedText.arguments(read) { "v\($0)" }
        return ["\(head)\n    \(open)\n\(lines.joined())    \(close)\n    return Self(\(arguments))\n}"]
    }
}
