/// What is generated for an enumeration.
struct CodedEnum {
    let access: String
    let cases: [CodedCase]

    private var names: String { CodedText.names(cases.map(\.key)) }

    var members: [String] { [write, read, writeJSON, readJSON] }

    private var write: String {
        writing(
            CodedText.write(access), open: { "try writer._openCase(\($0.key.literal))" },
            field: { "try writer._write(\($0.key.literal), \($1), in: &values)" }, close: "writer._closeCase(values)")
    }

    private var writeJSON: String {
        writing(
            CodedText.writeJSON(access), open: { "try writer._openCase(prefix: \(CodedText.prefix($0.key)))" },
            field: { "try writer._write(prefix: \(CodedText.prefix($0.key)), \($1), in: &values)" },
            close: "writer._closeCase(object: values)")
    }

    private func writing(
        _ head: String, open: (CodedCase) -> String, field: (CodedField, String) -> String, close: String
    ) -> String {
        let cases = cases.map { element in
            let names = element.fields.indices.map { "v\($0)" }
            let pattern = names.isEmpty ? "" : "(" + names.map { "let \($0)" }.joined(separator: ", ") + ")"
            let lines = zip(element.fields, names).map { "        \(field($0, $1))\n" }
            return """
                    case .\(element.name)\(pattern):
                        \(names.isEmpty ? "let" : "var") values = \(open(element))
                \(lines.joined())        \(close)

                """
        }
        return "\(head)\n    switch self {\n\(cases.joined())    }\n}"
    }

    private var read: String {
        reading(
            "\(CodedText.read(access))\n    \(CodedText.check)", open: "try reader._openCase(\(names))",
            fields: { (false, "try reader._openFields(\(CodedText.names($0.fields.map(\.key))))") },
            value: { "reader.\($0.isOptional ? "_optional" : "_value")(\($0.key.literal), \($1), in: &fields)" },
            close: { _ in "try reader._closeCase(&fields)" }, refusal: "reader._refused")
    }

    private var readJSON: String {
        reading(
            CodedText.readJSON(access), open: "try source._openCase(index, \(names))",
            fields: { ($0.fields.isEmpty, "try source._openFields(index + 2)") },
            value: { field, _ in
                "source.\(field.isOptional ? "_optional" : "_value")(\(field.key.literal), in: &fields)"
            },
            close: { "try source._closeFields(fields, \(CodedText.names($0.fields.map(\.key))))" },
            refusal: "source._refused")
    }

    private func reading(
        _ head: String, open: String, fields: (CodedCase) -> (isConstant: Bool, text: String),
        value: (CodedField, Int) -> String, close: (CodedCase) -> String, refusal: String
    ) -> String {
        let cases = cases.enumerated().map { index, element in
            let arguments = CodedText.arguments(element.fields) { value(element.fields[$0], $0) }
            let start = fields(element)
            let result = element.fields.isEmpty ? "Self.\(element.name)" : "try Self.\(element.name)(\(arguments))"
            return """
                    case \(index):
                        \(start.isConstant ? "let" : "var") fields = \(start.text)
                        let value = \(result)
                        \(close(element))
                        return value

                """
        }
        return "\(head)\n    switch \(open) {\n\(cases.joined())    default: throw \(refusal)\n    }\n}"
    }
}
