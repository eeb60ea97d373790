import Granary
import GranaryTesting

struct NamedError: Error, Codable, Hashable { var text: String }

struct UnnamedError: Error, Hashable { var text: String }

/// A grain that does what its test says.
@Grain("probe", errors: NamedError.self)
actor Probe {
    let stage: Stage
    /// Which activation of its key it is, from 1.
    let number: Int
    var value = 0

    init(context: GrainContext<Probe>, stage: Stage) throws {
        try stage.makeHook(context.key)
        self.context = context
        self.stage = stage
        number = stage.nextNumber(context.key)
    }

    func activate() async throws {
        stage.events.record("\(context.key)#\(number) activate")
        try await stage.activateHook(self)
    }

    func deactivate(_ reason: DeactivationReason) async {
        stage.events.record("\(context.key)#\(number) deactivate \(reason)")
        await stage.deactivateHook(self, reason.name)
        stage.events.record("\(context.key)#\(number) end")
    }

    func run(_ action: String) async throws -> String { try await stage.action(action)(self) }

    func runNow(_ action: String) throws -> String { try stage.syncAction(action)(self) }

    @ReadOnly func read(_ action: String) async throws -> String { try await stage.action(action)(self) }

    @ReadOnly func peek(_ action: String) throws -> String { try stage.syncAction(action)(self) }

    @OneWay func tell(_ action: String) async throws { _ = try await stage.action(action)(self) }

    /// Answers which activation it is.
    func ping() -> Int { number }

    /// Adds one, with a pause between reading and writing.
    func addSlowly() async -> Int {
        let seen = value
        await Task.yield()
        value = seen + 1
        return value
    }

    func current() -> Int { value }
}

/// Another type with keys of the same text.
@Grain("other", key: String.self)
actor OtherProbe {
    @Stored var value = ""

    func set(_ text: String) async throws {
        value = text
        try await $value.save()
    }

    func get() -> String { value }
}
