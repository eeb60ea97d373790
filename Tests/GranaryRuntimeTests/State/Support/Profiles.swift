import Granary

/// The oldest version of a profile: one name.
@Grain("Profile")
actor FirstProfile {
    struct Content: Codable, Sendable {
        var name = ""
        var nickname = ""
    }

    @Stored var content = Content()

    func set(_ name: String, nickname: String) async throws {
        content = Content(name: name, nickname: nickname)
        try await $content.save()
    }

    @ReadOnly func name() -> String { content.name }
}

/// Today's version, which reads the oldest and the one in between.
@Grain("Profile")
actor Profile {
    struct Content: Codable, Sendable, Hashable {
        var first = ""
        var last = ""
        var tags: [String] = []
    }

    private struct Named: Codable { var name: String }
    private struct Split: Codable {
        var first: String
        var last: String
    }

    @Stored(
        version: 2,
        migrate: { stored in
            switch stored.version {
            case 0:
                let parts = try stored.decode(Named.self).name.split(separator: " ").map(String.init)
                return Content(
                    first: parts.first ?? "", last: parts.dropFirst().joined(separator: " "), tags: ["from 0"])
            default:
                let old = try stored.decode(Split.self)
                return Content(first: old.first, last: old.last, tags: ["from \(stored.version)"])
            }
        })
    var content = Content()

    func save() async throws { try await $content.save() }
    func tag(_ tag: String) async throws -> [String] {
        content.tags.append(tag)
        try await $content.save()
        return content.tags
    }

    @ReadOnly func get() -> Content { content }
}

/// Reads what others wrote without any version: fields came and went.
@Grain("Profile")
actor TolerantProfile {
    struct Content: Codable, Sendable, Hashable {
        var name = ""
        var age: Int? = nil
    }

    @Stored var content = Content()

    func save() async throws { try await $content.save() }
    @ReadOnly func get() -> Content { content }
}

/// Keeps references to other grains.
@Grain
actor AddressBook {
    @Stored(version: 1, migrate: { try $0.decode([Ledger.Reference].self) }) var ledgers: [Ledger.Reference] = []

    func note(_ ledger: Ledger.Reference) async throws {
        ledgers.append(ledger)
        try await $ledgers.save()
    }

    func addEverywhere(_ entry: String) async throws -> [[String]] {
        var results: [[String]] = []
        for ledger in ledgers { results.append(try await ledger.add(entry)) }
        return results
    }
}
