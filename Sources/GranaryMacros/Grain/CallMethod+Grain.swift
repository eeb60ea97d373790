import SwiftSyntax

extension CallMethod {
    /// The method's row in the grain's table: decodes the arguments, calls, encodes the result.
    func entry(of grain: String) -> String {
        var lines: [String] = []
        for (index, parameter) in parameters.enumerated() {
            let decoding = "arguments.decode((\(parameter.type)).self)"
            if let defaultValue = parameter.defaultValue, index >= requiredCount {
                lines.append(
                    "let a\(index): \(parameter.type) = try arguments.isAtEnd ? \(defaultValue) : \(decoding)")
            } else {
                lines.append("let a\(index) = try \(decoding)")
            }
        }
        let arguments = parameters.enumerated().map { $1.argument("a\($0)") }.joined(separator: ", ")
        let call = "\(isAsync ? "await " : "")grain.\(name)(\(arguments))"
        if result == nil {
            lines.append("\(isThrowing ? "try " : "")\(call)")
            lines.append("return GranaryCore.Reply()")
        } else {
            lines.append("return try GranaryCore.Reply(\(call))")
        }
        let isReadOnly = has(.readOnly)
        return """
                    GranaryCore.GrainMethod(
                        \(wireName.literal), required: \(requiredCount), isReadOnly: \(isReadOnly), \
            isIdempotent: \(has(.idempotent))
                    ) { grain, arguments in
                        \(lines.joined(separator: "\n            "))
                    }
            """
    }

    /// The method of the reference that calls this one wherever the grain is.
    func referenceMethod(of grain: String) -> String {
        let arguments = parameters.map { $0.argument($0.name) }.joined(separator: ", ")
        let call = "\(isThrowing ? "try " : "")\(isAsync ? "await " : "")_grain.\(name)(\(arguments))"
        return """
            \(referenceHeader)
                    try await _handle.\(handleFunction)(\(wireName.literal), \(encoding)) {
                        (_grain: isolated \(grain)) \(isAsync || has(.oneWay) ? "async " : "")throws -> \(result ?? "Swift.Void") in
                        \(call)
                    }
                }
            """
    }

    /// The documentation, attributes and signature of the method as callers see it.
    private var referenceHeader: String {
        var lines = function.documentation
        lines += function.attributes.availability.map(\.trimmedDescription)
        if function.attributes.named("discardableResult") != nil { lines.append("@discardableResult") }
        let access = AccessLevel(function.modifiers)?.prefix ?? ""
        let list = parameters.map(\.declaration).joined(separator: ", ")
        lines.append(
            "\(access)nonisolated(nonsending) func \(name)(\(list)) async throws\(result.map { " -> \($0)" } ?? "") {")
        return lines.map { "    \($0)" }.joined(separator: "\n")
    }

    /// Which way through the handle the method takes.
    private var handleFunction: String {
        if has(.oneWay) { return "post" }
        return switch (isAsync, has(.readOnly)) {
        case (true, false): "turn"
        case (false, false): "syncTurn"
        case (true, true): "readTurn"
        case (false, true): "syncReadTurn"
        }
    }

    /// The closure that writes the arguments.
    var encoding: String {
        if parameters.isEmpty { return "{ _ in }" }
        let lines = parameters.map { "try _arguments.encode(\($0.name))" }.joined(separator: "; ")
        return "{ (_arguments: inout GranaryCore.ArgumentEncoder) throws in \(lines) }"
    }
}
