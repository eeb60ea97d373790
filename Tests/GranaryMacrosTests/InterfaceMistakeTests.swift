import Testing

/// What `@GrainInterface` refuses; each is one error at the user's line.
@Suite struct InterfaceMistakeTests {
    @Test(arguments: mistakes) func `One error at the line`(_ mistake: Mistake) async throws {
        try await Compiler.expect(mistake)
    }

    private static func interface(_ requirement: String) -> String {
        """
        @GrainInterface("A") protocol API: Sendable {
            \(requirement) // HERE
            func after() async throws
        }
        """
    }

    private static let effects = "'f' must be 'async throws': a call to a grain waits, and can fail in many ways"

    static let mistakes = [
        Mistake(
            "actor", #"@GrainInterface("A") actor A {} // HERE"#,
            "'@GrainInterface' needs a protocol: an actor takes '@Grain'"),
        Mistake("empty name", #"@GrainInterface("") protocol API {} // HERE"#, "a grain type's name cannot be empty"),
        Mistake(
            "property", interface("var f: Int { get }"),
            "a grain interface declares only methods: nothing else can be called remotely"),
        Mistake(
            "static", interface("static func f() async throws"), "a grain interface cannot declare 'static' methods"),
        Mistake("synchronous", interface("func f() throws"), effects),
        Mistake("not throwing", interface("func f() async"), effects),
        Mistake("typed throws", interface("func f() async throws(CancellationError)"), effects),
        Mistake("neither", interface("func f() -> Int"), effects),
        Mistake(
            "generic", interface("func f<T: Codable & Sendable>(_ t: T) async throws"),
            "a grain's method cannot be generic: callers and grain may be two programs"),
        Mistake(
            "Self", interface("func f(_ other: Self) async throws"),
            "a grain's method cannot take or return 'Self': a grain does not travel; use its 'Reference'"),
        Mistake(
            "hidden type", "struct Key: Codable {}\n" + interface("func f(_ key: Key) async throws"),
            "'Key' means another type inside the reference: write it with its module or its outer type"),
        Mistake(
            "argument that stays", interface("func f(_ value: Stay) async throws"),
            "'_carries' is unavailable: arguments and results of a grain's methods must be Codable and Sendable; "
                + "make the type conform"),
        Mistake(
            "result that stays", interface("func f() async throws -> Stay"),
            "'_carries' is unavailable: arguments and results of a grain's methods must be Codable and Sendable; "
                + "make the type conform"),
    ]
}
