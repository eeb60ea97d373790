import SwiftSyntax

extension CallMethod {
    /// The documentation, attributes and signature of the method as callers see it, up to the brace.
    func header(access: AccessLevel) -> String {
        var lines = function.documentation
        lines += function.attributes.availability.map(\.trimmedDescription)
        if function.attributes.named("discardableResult") != nil { lines.append("@discardableResult") }
        let list = parameters.map(\.declaration).joined(separator: ", ")
        let returned = result.map { " -> \($0)" } ?? ""
        // Spelled out: the user's package may not enable NonisolatedNonsendingByDefault.
        lines.append("\(access.prefix)nonisolated(nonsending) func \(name)(\(list)) async throws\(returned) {")
        return lines.map { "    \($0)" }.joined(separator: "\n")
    }

    /// The closure that writes the arguments.
    var encoding: String {
        if parameters.isEmpty { return "{ _ in }" }
        let encoder = freeName("_arguments")
        let lines = parameters.map { "try \(encoder).encode(\($0.name))" }.joined(separator: "; ")
        return "{ (\(encoder): inout GranaryCore.ArgumentEncoder) throws in \(lines) }"
    }

    /// A name for generated code that hides none of the parameters.
    func freeName(_ name: String) -> String {
        parameters.contains { $0.name == name } ? freeName("_" + name) : name
    }
}
