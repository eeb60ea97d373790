import Testing

/// What `@Grain` refuses about the actor itself; each is one error at the user's line.
@Suite struct GrainMistakeTests {
    @Test(arguments: mistakes) func `One message at the line`(_ mistake: Mistake) async throws {
        try await Compiler.expect(mistake)
    }

    static let mistakes = [
        Mistake(
            "class", "@Grain final class A {} // HERE", "'@Grain' needs an actor: a grain runs one turn at a time"),
        Mistake("struct", "@Grain struct A {} // HERE", "'@Grain' needs an actor: a grain runs one turn at a time"),
        Mistake(
            "generic", "@Grain actor A<T> {} // HERE",
            "a grain cannot be generic: its stored name stands for one type"),
        Mistake(
            "in a generic type", "struct Outer<T> { @Grain actor A {} } // HERE",
            "a grain cannot stand in a generic type: its stored name stands for one type"),
        Mistake("empty name", "@Grain(\"\") actor A {} // HERE", "a grain type's name cannot be empty"),
        Mistake("blank name", "@Grain(\" \") actor A {} // HERE", "a grain type's name cannot be empty"),
        Mistake("NUL in name", #"@Grain("a\0b") actor A {} // HERE"#, "a grain type's name cannot contain NUL"),
        Mistake(
            "long name", "@Grain(\"\(String(repeating: "é", count: 513))\") actor A {} // HERE",
            "a grain type's name can have 1024 bytes of UTF-8 at most; this one has 1026"),
        Mistake(
            "computed name",
            """
            let name: StaticString = "a"
            @Grain(name) actor A {} // HERE
            """,
            "a grain type's name must be a string literal without interpolation"),
        Mistake(
            "two keys", "@Grain(key: Int.self) actor A { typealias Key = String } // HERE",
            "the key's type is given twice: here and as the actor's own 'Key'"),
        Mistake(
            "key that is none", "@Grain(key: Double.self) actor A {} // HERE",
            "argument type 'Double' does not conform to expected type 'GrainKey'"),
        Mistake(
            "error that cannot travel",
            """
            struct Local: Error {}
            @Grain(errors: Local.self) actor A {} // HERE
            """,
            "argument type 'Local' does not conform to expected type 'Decodable'"),
        Mistake(
            "Reference", "@Grain actor A { struct Reference {} } // HERE",
            "a grain cannot declare 'Reference': '@Grain' generates it"),
        Mistake(
            "context", "@Grain actor A { let context = 1 } // HERE",
            "a grain cannot declare 'context': '@Grain' generates it"),
        Mistake(
            "_turns", "@Grain actor A { var _turns = 1 } // HERE",
            "a grain cannot declare '_turns': '@Grain' generates it"),
        Mistake(
            "no default",
            """
            @Grain actor A {
                let payments: String // HERE
            }
            """,
            "'payments' has no default value: give it one, or write an 'init(context:…)' that sets 'payments' "
                + "and 'context'"),
    ]
}
