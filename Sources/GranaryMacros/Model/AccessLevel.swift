import SwiftSyntax

/// Who may use a declaration, from the fewest to the most.
enum AccessLevel: Int, Comparable {
    case `private`, `fileprivate`, `internal`, package, `public`

    static func < (lhs: AccessLevel, rhs: AccessLevel) -> Bool { lhs.rawValue < rhs.rawValue }

    /// The modifier that a generated member of this access needs.
    ///
    /// Below `package` it is none: a member without a modifier can be used wherever its type can.
    var prefix: String {
        switch self {
        case .public: "public "
        case .package: "package "
        case .internal, .fileprivate, .private: ""
        }
    }

    /// Reads the access out of modifiers.
    ///
    /// It is `nil` when none is written; `private(set)` is not one.
    init?(_ modifiers: DeclModifierListSyntax) {
        for modifier in modifiers where modifier.detail == nil {
            switch modifier.name.tokenKind {
            case .keyword(.public), .keyword(.open): self = .public
            case .keyword(.package): self = .package
            case .keyword(.internal): self = .internal
            case .keyword(.fileprivate): self = .fileprivate
            case .keyword(.private): self = .private
            default: continue
            }
            return
        }
        return nil
    }

    /// The access of a type: its own modifier, or that of the extension around it.
    init(of modifiers: DeclModifierListSyntax, in lexicalContext: [Syntax]) {
        let outer = lexicalContext.first?.as(ExtensionDeclSyntax.self).flatMap { AccessLevel($0.modifiers) }
        self = AccessLevel(modifiers) ?? outer ?? .internal
    }
}
