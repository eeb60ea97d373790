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

    @Test(arguments: [
        ("@OneWay @ReadOnly func poke()", "@OneWay func poke()"),
        ("@ReadOnly @OneWay func poke()", "@OneWay func poke()"),
    ])
    func `A one-way method loses its @ReadOnly`(_ written: String, _ fixed: String) {
        let source = "@GrainInterface(\"Cart\") protocol CartAPI {\n    \(written) async throws\n}"
        expectExpansion(
            of: source,
            to: """
                protocol CartAPI {
                    func poke() async throws
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
                    message: "a '@OneWay' method cannot be '@ReadOnly': nobody would see what it read",
                    line: 2, column: written.hasPrefix("@ReadOnly") ? 5 : 13,
                    fixIts: [FixItSpec(message: "remove '@ReadOnly'")])
            ],
            applying: ["remove '@ReadOnly'"],
            to: source.replacing(written, with: fixed))
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
