import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacros

/// `@Coded`: makes a struct or an enumeration write and read itself, in the form that `Codable` gives it.
struct CodedMacro: ExtensionMacro {
    /// The text is written as it should look; formatting it again would be most of the time of an expansion.
    static var formatMode: FormatMode { .disabled }

    static func expansion(
        of node: AttributeSyntax, attachedTo declaration: some DeclGroupSyntax,
        providingExtensionsOf type: some TypeSyntaxProtocol, conformingTo protocols: [TypeSyntax],
        in context: some MacroExpansionContext
    ) throws -> [ExtensionDeclSyntax] {
        var problems = Problems()
        defer { problems.report(to: context) }
        guard let coded = CodedDeclaration(declaration, in: context.lexicalContext, problems: &problems) else {
            return []
        }
        let attributes = declaration.attributes.availability.map { $0.trimmedDescription + "\n" }.joined()
        // Where all is of the main actor unless it says otherwise, what `Codable` generates would be, too.
        let head = "\(attributes)nonisolated extension \(type.trimmedDescription): "
        let needed = Set(protocols.map { $0.trimmedDescription.split(separator: ".").last.map(String.init) ?? "" })
        // Each is named although one refines the others: an implied conformance of an extension macro is not seen.
        let codable = ["Decodable", "Encodable"].filter(needed.contains).map { "Swift.\($0)" }
        var extensions: [String] = []
        if !codable.isEmpty {
            extensions.append("\(head)\(codable.joined(separator: ", "))\(coded.requirement("Swift.Codable")) {}")
        }
        if needed.contains("Coded") {
            let names = "GranaryCore._JSONCoded, GranaryCore.Coded"
            extensions.append("\(head)\(names)\(coded.requirement("GranaryCore.Coded")) {\(coded.members)}")
        }
        return try extensions.map { try ExtensionDeclSyntax("\(raw: $0)") }
    }
}
