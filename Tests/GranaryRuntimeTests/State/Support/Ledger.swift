import Granary
import Synchronization

/// What a grain's method throws on purpose.
struct Refusal: Error, Codable, Hashable { var reason = "no" }

/// Numbers activations, so that a test sees whether it is still the same one.
enum Activations {
    private static let last = Atomic<Int>(0)
    static func next() -> Int { last.wrappingAdd(1, ordering: .relaxed).newValue }
}

/// What a grain knows of its state.
struct Status: Codable, Hashable {
    var entries: [String]
    var etag: String?
    var exists: Bool
    var isDirty: Bool
    var activation: Int
}

/// A list that is saved when it says so.
@Grain(errors: Refusal.self)
actor Ledger {
    @Stored var entries: [String] = []
    private var savesBeside = 0
    private let activation = Activations.next()

    func add(_ entry: String) async throws -> [String] {
        entries.append(entry)
        try await $entries.save()
        return entries
    }

    func addUnsaved(_ entry: String) -> [String] {
        entries.append(entry)
        return entries
    }

    func addAndThrow(_ entry: String) throws {
        entries.append(entry)
        throw Refusal()
    }

    func addSaveAndThrow(_ entry: String) async throws {
        entries.append(entry)
        try await $entries.save()
        throw Refusal()
    }

    func throwOnly() throws { throw Refusal() }

    /// Keeps going when somebody else wrote the state.
    func addCatching(_ entry: String) async throws -> String {
        entries.append(entry)
        do {
            try await $entries.save()
            return "saved"
        } catch let error as GrainError where error.code == .stateConflict {
            try await $entries.reload()
            return "reloaded"
        }
    }

    /// Hides a conflict, but does not read the state again.
    func addHiding(_ entry: String) async -> String {
        entries.append(entry)
        do {
            try await $entries.save()
            return "saved"
        } catch {
            return "hidden"
        }
    }

    /// Saves twice, one after the other.
    func addTwice(_ entry: String) async throws {
        entries.append(entry)
        try await $entries.save()
        entries.append(entry)
        try await $entries.save()
    }

    /// Saves twice at once: the turn's own save waits for that of a task beside it.
    func addTwiceAtOnce(_ entry: String) async throws {
        entries.append(entry)
        let begun = savesBeside
        // Awaited below; it inherits nothing of the caller's cancellation.
        let other = Task {
            savesBeside += 1
            try await $entries.save()
        }
        while savesBeside == begun { await Task.yield() }
        try await $entries.save()
        try await other.value
    }

    /// Saves, and where it is not known whether it did, saves again; gives the errors.
    func addStubbornly(_ entry: String) async -> [String] {
        entries.append(entry)
        var failures: [String] = []
        for _ in 0..<2 {
            do {
                try await $entries.save()
                return failures + ["saved"]
            } catch {
                failures.append((error as? GrainError)?.code.description ?? "\(error)")
            }
        }
        return failures
    }

    func save() async throws { try await $entries.save() }
    func clear() async throws { try await $entries.clear() }
    func reload() async throws -> [String] {
        try await $entries.reload()
        return entries
    }

    func end() { context.deactivateWhenIdle() }

    func status() -> Status { current }

    @ReadOnly func all() -> [String] { entries }
    @ReadOnly func slowAll() async -> [String] {
        await Task.yield()
        return entries
    }

    @ReadOnly func sneak(_ entry: String) -> [String] {
        entries.append(entry)
        return entries
    }

    @ReadOnly func sneakSlowly(_ entry: String) async -> [String] {
        entries.append(entry)
        await Task.yield()
        return entries
    }

    @ReadOnly func sneakAndSave(_ entry: String) async throws {
        entries.append(entry)
        try await $entries.save()
    }

    @ReadOnly func saveOnly() async throws { try await $entries.save() }

    private var current: Status {
        Status(
            entries: entries, etag: $entries.etag?.description, exists: $entries.exists, isDirty: $entries.isDirty,
            activation: activation)
    }
}
