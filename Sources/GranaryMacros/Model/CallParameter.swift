import SwiftSyntax

/// One parameter of a method that can be called from elsewhere.
struct CallParameter {
    /// The argument label with its backticks; `nil` for `_`.
    let label: String?
    /// The name inside the method, with its backticks.
    let name: String
    /// The type as it reads outside the method's own type.
    let type: String
    /// The default value as it reads outside the method's own type.
    let defaultValue: String?

    /// The parameter as a declaration writes it.
    var declaration: String {
        let names = label == name ? name : "\(label ?? "_") \(name)"
        return "\(names): \(type)" + (defaultValue.map { " = \($0)" } ?? "")
    }

    /// The argument as a call writes it.
    func argument(_ value: String) -> String {
        guard let label else { return value }
        let plain = label.filter { $0 != "`" }
        // These three alone keep their backticks in a call.
        return "\(["inout", "var", "let"].contains(plain) ? "`\(plain)`" : plain): \(value)"
    }
}
