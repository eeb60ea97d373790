import SwiftSyntax
import SwiftSyntaxMacros

/// A protocol marked `@GrainInterface`, read once and ready to be written out.
struct GrainInterfaceDeclaration {
    private let proto: ProtocolDeclSyntax
    private let access: AccessLevel
    private let typeName: String
    private let key: String
    private let methods: [CallMethod]
    /// Whether every requirement becomes a method, so that the reference conforms.
    private let isComplete: Bool

    /// Reads the protocol.
    ///
    /// - Parameters:
    ///   - proto: The declaration.
    ///   - attribute: Its `@GrainInterface`.
    ///   - access: Who may use it.
    ///   - problems: Gets everything that is wrong with it.
    init(_ proto: ProtocolDeclSyntax, attribute: AttributeSyntax, access: AccessLevel, problems: inout Problems) {
        self.proto = proto
        self.access = access
        let arguments = GrainArguments(attribute, problems: &problems)
        typeName = arguments.name ?? proto.name.plainName
        key = arguments.key ?? "Swift.String"
        var methods: [CallMethod] = []
        for member in proto.memberBlock.members.map(\.decl) {
            if member.is(TypeAliasDeclSyntax.self) { continue }
            guard let function = member.as(FunctionDeclSyntax.self) else {
                problems.add(
                    .error(
                        "not-a-method", "a grain interface declares only methods: nothing else can be called remotely"),
                    at: member)
                continue
            }
            guard function.canBeRemote(problems: &problems) else { continue }
            let method = CallMethod(function, hiding: "Key", problems: &problems)
            if let method { methods.append(method) }
        }
        self.methods = CallMethod.distinct(methods, problems: &problems)
        isComplete = problems.diagnostics.isEmpty
    }

    /// The struct that stands for a grain and calls it by name.
    func reference(in context: some MacroExpansionContext) -> String {
        let prefix = access.prefix
        // A peer stands beside the protocol, so below `internal` it needs the protocol's own modifier.
        let own = access < .internal ? "\(access) " : prefix
        let name = "\(proto.name.plainName)Reference"
        let attributes = proto.attributes.availability.map { $0.trimmedDescription + "\n" }.joined()
        let checks = CallMethod.checks(of: methods, in: context)
        return """
            /// Names one grain of type `\(typeName)` and calls it through ``\(proto.name.plainName)``.
            \(attributes)\(own)nonisolated struct \(name): \(isComplete ? "\(proto.name.text), " : "")GranaryCore.GrainInterfaceReference {
                \(prefix)typealias Key = \(key)
                \(prefix)static var grainType: Swift.String { \(typeName.literal) }
                \(prefix)let _handle: GranaryCore.GrainInterfaceHandle
                \(prefix)init(_handle: GranaryCore.GrainInterfaceHandle) { self._handle = _handle }
            \((methods.map { $0.interfaceMethod(access: access) } + checks).joined(separator: "\n"))
            }
            """
    }
}
