import Granary

/// Two states that belong together.
@Grain(errors: Refusal.self)
actor Account {
    @Stored(name: "holder") var owner = "nobody"
    @Stored var balance = 0
    private let activation = Activations.next()

    func setName(_ name: String) async throws {
        owner = name
        try await $owner.save()
    }

    func setBalance(_ amount: Int) async throws {
        balance = amount
        try await $balance.save()
    }

    func setBoth(_ name: String, _ amount: Int) async throws {
        owner = name
        balance = amount
        try await context.save($owner, $balance)
    }

    /// Names the same state twice.
    func setTwice(_ amount: Int) async throws -> String? {
        balance = amount
        try await context.save($balance, $owner, $balance)
        return $balance.etag?.description
    }

    func activationNumber() -> Int { activation }

    @ReadOnly func name() -> String { owner }
    @ReadOnly func amount() -> Int { balance }
}

/// Has a state of the same name as a ``Ledger``.
@Grain
actor Diary {
    @Stored var entries: [String] = []

    func write(_ entry: String) async throws {
        entries.append(entry)
        try await $entries.save()
    }

    @ReadOnly func read() -> [String] { entries }
}

/// Calls a ``Ledger`` for others.
@Grain
actor Proxy {
    private let activation = Activations.next()

    func add(_ entry: String, to key: String) async throws -> [String] {
        try await context.grain(Ledger.self, key).add(entry)
    }

    func activationNumber() -> Int { activation }
}
