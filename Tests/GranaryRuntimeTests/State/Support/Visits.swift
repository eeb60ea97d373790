import Granary

/// Numbers that are saved by the framework, each by another policy, and a text that is not.
@Grain(errors: Refusal.self)
actor Visits {
    @Stored(.every(.seconds(5))) var behind = 0
    @Stored(.afterEachTurn) var after = 0
    @Stored(.every(.seconds(1))) var soon = 0
    @Stored var note = ""
    @Stored(.afterEachTurn) var ratio = 0.5
    private let activation = Activations.next()

    func countBehind() -> Int {
        behind += 1
        return behind
    }

    func countSoon() -> Int {
        soon += 1
        return soon
    }

    func countBehindAndSave() async throws -> Int {
        behind += 1
        try await $behind.save()
        return behind
    }

    func countBehindAndThrow() throws {
        behind += 1
        throw Refusal()
    }

    /// Saves both, changes both once more, and throws.
    func countBothSaveAndThrow() async throws {
        behind += 1
        after += 1
        try await context.save($behind, $after)
        throw Refusal()
    }

    func countAfter() -> Int {
        after += 1
        return after
    }

    func countAfterAndThrow() throws {
        after += 1
        throw Refusal()
    }

    func countBoth() -> [Int] {
        behind += 1
        after += 1
        return [behind, after]
    }

    func setNote(_ text: String) async throws {
        note = text
        try await $note.save()
    }

    func setNoteAndThrow(_ text: String) throws {
        note = text
        throw Refusal()
    }

    /// Saves a write-behind state and another one together.
    func countBehindWithNote(_ text: String) async throws {
        behind += 1
        note = text
        try await context.save($behind, $note)
    }

    func setRatio(_ number: Double, isFinite: Bool) -> Double {
        ratio = isFinite ? number : .nan
        return ratio
    }

    func end() { context.deactivateWhenIdle() }
    func activationNumber() -> Int { activation }

    @ReadOnly func counts() -> [Int] { [behind, after, soon] }
    @ReadOnly func slowCounts() async -> [Int] {
        await Task.yield()
        return [behind, after, soon]
    }
    @ReadOnly func theNote() -> String { note }
    @ReadOnly func theRatio() -> Double { ratio }
    @ReadOnly func sneakBehind() -> Int {
        behind += 100
        return behind
    }
    @ReadOnly func sneakNote() -> String {
        note = "sneaked"
        return note
    }
}

/// Counts its activations in a write-behind state.
@Grain
actor Greeter {
    @Stored(.every(.seconds(5))) var activations = 0
    @Stored(.every(.seconds(5))) var farewells = 0

    func activate() { activations += 1 }
    func deactivate(_ reason: DeactivationReason) { farewells += 1 }

    @ReadOnly func counts() -> [Int] { [activations, farewells] }
}
