import Testing

/// What `@Grain` refuses about `@Stored` properties; each is one error at the user's line.
@Suite struct StateMistakeTests {
    @Test(arguments: mistakes) func `One error at the line`(_ mistake: Mistake) async throws {
        try await Compiler.expect(mistake)
    }

    /// The compiler adds that the static property is not safe.
    @Test func `A static state`() async throws {
        let outcome = try await Compiler().compile(
            """
            import GranaryCore
            @Grain actor A {
                @Stored static var count = 0
            }
            """)
        #expect(
            outcome.messages.first
                == Compiler.Message(
                    line: 3, severity: "error",
                    text: "'@Stored' property 'count' cannot be 'static': a state belongs to one grain"))
    }

    private static func grain(_ property: String) -> String {
        """
        @Grain actor A {
            \(property) // HERE
            func f() {}
        }
        """
    }

    static let mistakes = [
        Mistake(
            "no default", grain("@Stored var count: Int"),
            "'@Stored' property 'count' needs a default value: it is what a grain has before anything is stored"),
        Mistake("let", grain("@Stored let count = 0"), "property wrapper can only be applied to a 'var'"),
        Mistake(
            "computed", grain("@Stored var count: Int { 1 }"),
            "property wrapper cannot be applied to a computed property"),
        Mistake(
            "empty name", grain(#"@Stored(name: "") var count = 0"#), "the stored name of 'count' cannot be empty"),
        Mistake(
            "interpolated name", grain(#"@Stored(name: "a\(1)") var count = 0"#),
            "the stored name of 'count' must be a string literal without interpolation"),
        Mistake(
            "one stored name",
            """
            @Grain actor A {
                @Stored var count = 0
                @Stored(name: "count") var total = 0 // HERE
            }
            """,
            #"two states of this grain are stored as "count""#),
        Mistake(
            "stateless workers",
            """
            @Grain actor A {
                static let options = GrainOptions(idleAge: .seconds(1), statelessWorkers: .upTo(2))
                @Stored var count = 0 // HERE
            }
            """,
            "a grain with stateless workers cannot have a state: several activations of one key would overwrite "
                + "each other's"),
        Mistake(
            "inside #if",
            """
            @Grain actor A {
                #if os(Linux)
                @Stored var count = 0 // HERE
                #endif
            }
            """,
            "a '@Stored' property cannot stand inside '#if': '@Grain' does not look there "
                + "and would never load or save it"),
    ]
}
