import SwiftParser
import SwiftSyntax

extension TokenSyntax {
    /// The name without backticks.
    var plainName: String { identifier?.name ?? text }
}

extension DeclModifierListSyntax {
    /// Whether a modifier is written, with or without a detail.
    func contains(_ keyword: Keyword) -> Bool {
        contains { $0.name.tokenKind == .keyword(keyword) }
    }
}

extension AttributeListSyntax {
    /// The first attribute of a name, whether or not it is spelled with its module.
    func named(_ name: String) -> AttributeSyntax? {
        lazy.compactMap { $0.as(AttributeSyntax.self) }.first { $0.baseName == name }
    }

    /// The `@available` attributes, as text.
    var availability: [AttributeSyntax] {
        compactMap { $0.as(AttributeSyntax.self) }.filter { $0.baseName == "available" }
    }
}

extension AttributeSyntax {
    /// The attribute's name without a module.
    var baseName: String {
        attributeName.as(IdentifierTypeSyntax.self)?.name.text
            ?? attributeName.as(MemberTypeSyntax.self)?.name.text ?? attributeName.trimmedDescription
    }

    /// The arguments in parentheses; empty when there are none.
    var labeledArguments: [LabeledExprSyntax] {
        arguments?.as(LabeledExprListSyntax.self).map(Array.init) ?? []
    }

    /// Whether this `@available` says `deprecated` (or `unavailable`) on every platform or on one.
    func says(_ word: String) -> Bool {
        guard let list = arguments?.as(AvailabilityArgumentListSyntax.self) else { return false }
        return list.contains { item in
            switch item.argument {
            case .token(let token): token.text == word
            case .availabilityLabeledArgument(let labeled): labeled.label.text == word
            default: false
            }
        }
    }

    /// Whether this `@available` speaks of every platform.
    var coversAllPlatforms: Bool {
        guard let first = arguments?.as(AvailabilityArgumentListSyntax.self)?.first else { return false }
        return first.argument.as(TokenSyntax.self)?.text == "*"
    }
}

extension Syntax {
    /// Whether this declares type parameters.
    var isGeneric: Bool {
        asProtocol((any WithGenericParametersSyntax).self)?.genericParameterClause != nil
    }
}

extension ExprSyntax {
    /// The value of a string literal without interpolation.
    var literalString: String? { self.as(StringLiteralExprSyntax.self)?.representedLiteralValue }
}

extension String {
    /// The string as a Swift literal.
    var literal: String {
        var text = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                text += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
