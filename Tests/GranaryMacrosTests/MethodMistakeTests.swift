import Testing

/// What `@Grain` refuses about methods; each is one error at the user's line.
@Suite struct MethodMistakeTests {
    @Test(arguments: refused) func `One error at the line`(_ mistake: Mistake) async throws {
        try await Compiler.expect(mistake)
    }

    @Test(arguments: warned) func `One warning at the line`(_ mistake: Mistake) async throws {
        try await Compiler.expect(mistake)
    }

    /// The compiler treats a missing `Sendable` more softly than a missing `Codable` and speaks up in generated code too.
    @Test func `A type that is Codable only is reported at the line`() async throws {
        let outcome = try await Compiler().compile(
            """
            import GranaryCore
            final class Box: Codable { var value = 1 }
            @Grain actor A {
                func f(_ box: Box) -> Int { box.value }
            }
            """)
        #expect(!outcome.succeeded)
        #expect(
            outcome.messages.contains(
                Compiler.Message(
                    line: 4, severity: "error", text: "type 'Box' does not conform to the 'Sendable' protocol")),
            Comment(rawValue: outcome.log))
    }

    /// A grain of one method, with an innocent one on either side.
    private static func grain(_ method: String) -> String {
        """
        @Grain actor A {
            func before(_ payload: Payload) -> Payload { payload }
            \(method) // HERE
            func after() {}
        }
        """
    }

    private static let travel = "arguments and results of a grain's methods must be Codable and Sendable"

    static let refused = [
        Mistake(
            "generic", grain("func f<T: Codable & Sendable>(_ value: T) {}"),
            "a grain's method cannot be generic: callers and grain may be two programs"),
        Mistake(
            "variadic", grain("func f(_ values: Int...) {}"),
            "a grain's method cannot have a variadic parameter: take an array"),
        Mistake(
            "inout", grain("func f(_ value: inout Int) {}"),
            "a grain's method cannot have an 'inout' parameter: it may run in another process; return the new value"),
        Mistake(
            "some parameter", grain("func f(_ value: some Codable & Sendable) {}"),
            "a grain's method cannot take or return a 'some' type: name the type that travels"),
        Mistake(
            "some result", grain("func f() -> some Codable & Sendable { 1 }"),
            "a grain's method cannot take or return a 'some' type: name the type that travels"),
        Mistake(
            "closure", grain("func f(_ body: @Sendable () -> Void) {}"),
            "a grain's method cannot take or return a function: it may run in another process"),
        Mistake(
            "optional closure", grain("func f(_ body: (@Sendable () -> Void)?) {}"),
            "a grain's method cannot take or return a function: it may run in another process"),
        Mistake(
            "function result", grain("func f() -> @Sendable () -> Void { {} }"),
            "a grain's method cannot take or return a function: it may run in another process"),
        Mistake(
            "Self result", grain("func f() -> Self? { nil }"),
            "a grain's method cannot take or return 'Self': a grain does not travel; use its 'Reference'"),
        Mistake(
            "sending", grain("func f(_ value: sending Payload) {}"),
            "a grain's method cannot have a 'sending' value: arguments and results are copied between processes"),
        Mistake(
            "consuming", grain("func f(_ value: consuming Payload) {}"),
            "a grain's method cannot have a 'consuming' value: arguments and results are copied between processes"),
        Mistake(
            "isolated", grain("func f(_ value: isolated (any Actor)?) {}"),
            "a grain's method cannot have a 'isolated' value: arguments and results are copied between processes"),
        Mistake(
            "tuple", grain("func f(_ pair: (Int, Int)) {}"),
            "a grain's method cannot take or return a tuple: tuples are not Codable; use a struct"),
        Mistake(
            "tuple in array", grain("func f() -> [(a: Int, b: Int)] { [] }"),
            "a grain's method cannot take or return a tuple: tuples are not Codable; use a struct"),
        Mistake(
            "implicitly unwrapped", grain("func f(_ value: Int!) {}"),
            "a grain's method cannot take or return '!' types: use an optional"),
        Mistake(
            "argument that stays", grain("func f(_ value: Stay, other: Int) async throws -> Payload { Payload() }"),
            unavailable),
        Mistake("result that stays", grain("func f() -> [Stay] { [] }"), unavailable),
        Mistake("existential", grain("func f(_ value: any Codable & Sendable) {}"), unavailable),
        Mistake(
            "one wire name",
            """
            @Grain actor A {
                func add(_ value: Int) {}
                func add(_ value: String) {} // HERE
            }
            """,
            #"two callable methods are named "add" in messages: give one of them another name with '@Method("…")'"#),
        Mistake(
            "one wire name by @Method",
            """
            @Grain actor A {
                func add(_ value: Int) {}
                @Method("add") func insert(_ value: String) {} // HERE
            }
            """,
            #"two callable methods are named "add" in messages: give one of them another name with '@Method("…")'"#),
        Mistake(
            "hidden type",
            """
            struct Target: Codable {}
            @Grain actor A {
                func f(_ targets: [Target]) {} // HERE
            }
            """,
            "'Target' means another type inside the reference: write it with its module or its outer type"),
        Mistake("empty wire name", grain(#"@Method("") func f() {}"#), "a method's name cannot be empty"),
        Mistake(
            "one-way with a result", grain("@OneWay func f() -> Int { 1 }"),
            "a '@OneWay' method cannot return a value: nobody waits for it"),
        Mistake(
            "one-way and read-only", grain("@OneWay @ReadOnly func f() {}"),
            "a '@OneWay' method cannot be '@ReadOnly': nobody would see what it read"),
    ]

    private static let unavailable = "'_carries' is unavailable: \(travel); make the type conform"

    static let warned = [
        Mistake(
            "marker on a private method", grain("@ReadOnly private func f() {}"),
            "'@ReadOnly' has no effect here: 'f' cannot be called through a reference", severity: "warning"),
        Mistake(
            "marker on a static method", grain("@Idempotent static func f() {}"),
            "'@Idempotent' has no effect here: 'f' cannot be called through a reference", severity: "warning"),
        Mistake(
            "marker on activate", grain("@ReadOnly func activate() {}"),
            "'@ReadOnly' has no effect here: 'activate' cannot be called through a reference", severity: "warning"),
        Mistake(
            "marker in an extension",
            """
            @Grain actor A {}
            extension A {
                @OneWay func f() {} // HERE
            }
            """,
            "'@OneWay' has no effect here: only methods in the actor's own braces can be called through a reference",
            severity: "warning"),
        Mistake(
            "marker outside", "@Method(\"g\") func f() {} // HERE",
            "'@Method' has no effect here: this is not a method of a grain", severity: "warning"),
        Mistake(
            "method inside #if",
            """
            @Grain actor A {
                #if os(Linux)
                func f() {} // HERE
                private func g() {}
                #endif
            }
            """,
            "'f' is not callable through a reference: '@Grain' does not look inside '#if'; "
                + "put the '#if' into the method's body, or make the method 'private'",
            severity: "warning"),
    ]
}
