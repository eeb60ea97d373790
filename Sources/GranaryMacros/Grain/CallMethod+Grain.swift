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
            lines.append("return try GranaryCore.Reply()")
        } else {
            lines.append("return try GranaryCore.Reply(\(call))")
        }
        let isReadOnly = has(.readOnly)
        return """
                    GranaryCore.GrainMethod\(isAsync ? "" : ".synchronous")(
                        \(wireName.literal), required: \(requiredCount), accepted: \(parameters.count), \
            isReadOnly: \(isReadOnly), isIdempotent: \(has(.idempotent))
                    ) { grain, arguments in
                        \(lines.joined(separator: "\n            "))
                    }
            """
    }

    /// The method of the reference that calls this one wherever the grain is.
    func referenceMethod(of grain: String) -> String {
        let arguments = parameters.map { $0.argument($0.name) }.joined(separator: ", ")
        let target = freeName("_grain")
        let call = "\(isThrowing ? "try " : "")\(isAsync ? "await " : "")\(target).\(name)(\(arguments))"
        let effects = isAsync || has(.oneWay) ? "async throws" : "throws"
        return """
            \(header(access: AccessLevel(function.modifiers) ?? .internal))
                    try await self._handle.\(handleFunction)(\(wireName.literal), \(encoding)) {
                        (\(target): isolated \(grain)) \(effects) -> \(result ?? "Swift.Void") in
                        \(call)
                    }
                }
            """
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
}
