import SwiftSyntaxBuilder
import SwiftSyntaxMacroExpansion
import SwiftSyntaxMacros
import SwiftSyntaxMacrosGenericTestSupport
import Testing

@testable import GranaryMacros

/// Expands the macros in some source and compares the result; a difference is an issue of the running test.
///
/// - Parameters:
///   - source: What a user writes.
///   - expanded: What the compiler should see.
///   - diagnostics: What the user should be told.
///   - fixIts: The fix-its to apply, by their messages.
///   - fixed: What the source should be after them.
///   - location: The line of the test.
func expectExpansion(
    of source: String, to expanded: String, diagnostics: [DiagnosticSpec] = [], applying fixIts: [String]? = nil,
    to fixed: String? = nil, location: SourceLocation = #_sourceLocation
) {
    assertMacroExpansion(
        source, expandedSource: expanded, diagnostics: diagnostics,
        macroSpecs: [
            "Grain": MacroSpec(type: GrainMacro.self, conformances: ["Grain", "SelfMadeGrain"]),
            "GrainInterface": MacroSpec(type: GrainInterfaceMacro.self),
            "ReadOnly": MacroSpec(type: MarkerMacro.self),
            "Idempotent": MacroSpec(type: MarkerMacro.self),
            "OneWay": MacroSpec(type: MarkerMacro.self),
            "Method": MacroSpec(type: MarkerMacro.self),
            "Coded": MacroSpec(type: CodedMacro.self, conformances: ["Decodable", "Encodable", "_JSONCoded", "Coded"]),
        ],
        applyFixIts: fixIts, fixedSource: fixed,
        failureHandler: { failure in
            Issue.record(Comment(rawValue: failure.message), sourceLocation: location)
        })
}
