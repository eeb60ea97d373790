import SwiftDiagnostics
import SwiftSyntax
import SwiftSyntaxBuilder

extension CallMethod {
    /// The methods whose wire names are their own; the others are reported.
    static func distinct(_ methods: [CallMethod], problems: inout Problems) -> [CallMethod] {
        var names: Set<String> = []
        let taken = Set(methods.map(\.wireName))
        return methods.filter { method in
            if names.insert(method.wireName).inserted { return true }
            let attribute = method.function.attributes.named("Method")
            problems.add(
                .error(
                    "method-twice",
                    "two callable methods are named \(method.wireName.literal) in messages: "
                        + "give one of them another name with '@Method(\"…\")'"),
                at: attribute.map(Syntax.init) ?? Syntax(method.function.name),
                fixIts: attribute == nil ? [method.naming(avoiding: taken)] : [])
            return false
        }
    }

    /// The fix-it that gives the method a wire name made of its name and labels.
    private func naming(avoiding taken: Set<String>) -> FixIt {
        let labels = parameters.compactMap { $0.label?.filter { $0 != "`" } }
        let base = wireName + labels.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        var suggestion = base
        var number = 2
        while taken.contains(suggestion) {
            suggestion = base + String(number)
            number += 1
        }
        let attribute = AttributeSyntax("@Method(\(raw: suggestion.literal))")
            .with(\.leadingTrivia, function.leadingTrivia)
            .with(\.trailingTrivia, .space)
        var changed = function.with(\.leadingTrivia, [])
        changed.attributes.insert(.attribute(attribute), at: changed.attributes.startIndex)
        return FixIt(
            message: Remedy(id: "add-method", message: "add '@Method(\(suggestion.literal))'"),
            changes: [.replace(oldNode: Syntax(function), newNode: Syntax(changed))])
    }
}
