import SwiftSyntax

/// A type marked `@Coded`, read once and ready to be written out.
struct CodedDeclaration {
    /// The prefix of what is generated, `public ` for example.
    let access: String
    /// The parameters of the type, and of those around it, that its values contain.
    private let parameters: [String]
    private let form: Form

    /// What values consist of.
    private enum Form {
        case fields([CodedField], isMemberwise: Bool)
        case cases([CodedCase])
        /// A raw value, for which everything is written already.
        case rawValue
    }

    /// Reads the declaration; `nil` when something is wrong.
    ///
    /// - Parameters:
    ///   - declaration: The type.
    ///   - lexicalContext: What stands around it.
    ///   - problems: Gets what is wrong with it.
    init?(_ declaration: some DeclGroupSyntax, in lexicalContext: [Syntax], problems: inout Problems) {
        let isEnum = declaration.is(EnumDeclSyntax.self)
        guard isEnum || declaration.is(StructDeclSyntax.self) else {
            problems.add(
                .error("not-a-value", "'@Coded' needs a struct or an enum: what is written is a value"),
                at: declaration.introducer)
            return nil
        }
        access = AccessLevel(of: declaration.modifiers, in: lexicalContext).prefix
        parameters = declaration.storedParameters(in: lexicalContext)
        let before = problems.diagnostics.count
        declaration.checkCoding(problems: &problems)
        if declaration.isRawRepresentable {
            form = .rawValue
        } else if isEnum {
            form = .cases(CodedCase.all(of: declaration, problems: &problems))
        } else {
            let fields = CodedField.all(of: declaration, problems: &problems)
            form = .fields(fields, isMemberwise: !declaration.declaresInitializer)
        }
        if problems.diagnostics.count > before { return nil }
    }

    /// What a conformance requires of the type's parameters.
    func requirement(_ name: String) -> String {
        parameters.isEmpty ? "" : " where " + parameters.map { "\($0): \(name)" }.joined(separator: ", ")
    }

    /// The members of the extension, with line breaks around them.
    var members: String {
        switch form {
        case .rawValue: ""
        case .fields(let fields, let isMemberwise):
            lines(CodedStruct(access: access, fields: fields, isMemberwise: isMemberwise).members)
        case .cases(let cases): lines(CodedEnum(access: access, cases: cases).members)
        }
    }

    private func lines(_ members: [String]) -> String {
        let text = members.joined(separator: "\n\n")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return "\n" + lines.map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n") + "\n"
    }
}
