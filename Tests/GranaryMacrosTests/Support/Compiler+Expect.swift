import Testing

extension Compiler {
    /// Compiles a mistake and expects the one message that the user should read, at the line marked `// HERE`.
    static func expect(_ mistake: Mistake, location: SourceLocation = #_sourceLocation) async throws {
        let source = """
            import GranaryCore
            struct Payload: Codable, Sendable {}
            struct Stay {}
            \(mistake.code)
            """
        let line = try #require(
            source.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.hasSuffix("// HERE") },
            sourceLocation: location)
        let outcome = try await Compiler().compile(source)
        #expect(outcome.succeeded == (mistake.severity == "warning"), sourceLocation: location)
        #expect(
            outcome.messages == [Message(line: line + 1, severity: mistake.severity, text: mistake.message)],
            Comment(rawValue: outcome.log), sourceLocation: location)
    }

    /// Compiles code that should compile without a word, through the checks that come after type checking.
    static func expectSilence(
        _ source: String, flags: [String] = [], location: SourceLocation = #_sourceLocation
    ) async throws {
        let outcome = try await Compiler().compile(
            source, flags: ["-emit-sil", "-o", "/dev/null", "-warnings-as-errors"] + flags)
        #expect(outcome.succeeded, sourceLocation: location)
        #expect(outcome.messages == [], Comment(rawValue: outcome.log), sourceLocation: location)
    }
}
