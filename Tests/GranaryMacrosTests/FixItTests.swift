import SwiftSyntaxMacrosGenericTestSupport
import Testing

/// The changes that the macros offer.
@Suite struct FixItTests {
    @Test(arguments: ["class", "struct"]) func `A class or struct becomes an actor`(_ keyword: String) {
        expectExpansion(
            of: "@Grain \(keyword) Cart {}", to: "\(keyword) Cart {}",
            diagnostics: [
                DiagnosticSpec(
                    message: "'@Grain' needs an actor: a grain runs one turn at a time", line: 1, column: 8,
                    fixIts: [FixItSpec(message: "replace '\(keyword)' with 'actor'")])
            ],
            applying: ["replace '\(keyword)' with 'actor'"], to: "@Grain actor Cart {}")
    }

    @Test func `A requirement becomes async throws`() {
        expectExpansion(
            of: """
                @GrainInterface("Cart") protocol CartAPI {
                    func current(_ id: Int) -> Int
                }
                """,
            to: """
                protocol CartAPI {
                    func current(_ id: Int) -> Int
                }

                /// Names one grain of type `Cart` and calls it through ``CartAPI``.
                nonisolated struct CartAPIReference: GranaryCore.GrainInterfaceReference {
                    typealias Key = Swift.String
                    static var grainType: Swift.String { "Cart" }
                    let _handle: GranaryCore.GrainInterfaceHandle
                    init(_handle: GranaryCore.GrainInterfaceHandle) { self._handle = _handle }

                }
                """,
            diagnostics: [
                DiagnosticSpec(
                    message: "'current' must be 'async throws': a call to a grain waits, and can fail in many ways",
                    line: 2, column: 10, fixIts: [FixItSpec(message: "make it 'async throws'")])
            ],
            applying: ["make it 'async throws'"],
            to: """
                @GrainInterface("Cart") protocol CartAPI {
                    func current(_ id: Int) async throws -> Int
                }
                """)
    }
}
