import SwiftCompilerPlugin
import SwiftSyntaxMacros

/// The compiler plug-in behind Granary's macros.
@main
struct Plugin: CompilerPlugin {
    let providingMacros: [any Macro.Type] = [
        GrainMacro.self, GrainInterfaceMacro.self, MarkerMacro.self, CodedMacro.self,
    ]
}
