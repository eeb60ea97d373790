import Granary
import GranaryTesting
import Testing

@Grain
actor ShoppingList {
    @Stored var lines: [String] = []

    func add(_ line: String) async throws -> Int {
        lines.append(line)
        try await $lines.save()
        return lines.count
    }

    @ReadOnly func all() -> [String] { lines }
}

@Test func `a list is one list, whoever asks`() async throws {
    let cluster = try await TestCluster(silos: 3) { ShoppingList.self }
    try await cluster.run { cluster in
        for silo in cluster.silos { _ = try await silo.grain(ShoppingList.self, "home").add("tea") }
        #expect(try await cluster.grain(ShoppingList.self, "home").all() == ["tea", "tea", "tea"])
    }
}

@Test func `a list survives the death of its silo`() async throws {
    let cluster = try await TestCluster(silos: 3) { ShoppingList.self }
    try await cluster.run { cluster in
        let list = cluster.grain(ShoppingList.self, "home")
        _ = try await list.add("tea")

        let owner = try #require(cluster.owner(of: list))
        try await cluster.kill(owner)
        #expect(try await list.all() == ["tea"])
        #expect(cluster.silos.count == 2)
    }
}

@Test func `a deploy loses nothing`() async throws {
    let cluster = try await TestCluster(silos: 2) { ShoppingList.self }
    try await cluster.run { cluster in
        for number in 0..<10 { _ = try await cluster.grain(ShoppingList.self, "list \(number)").add("tea") }
        for old in cluster.silos {
            try await cluster.join()
            try await cluster.stop(old)
        }
        for number in 0..<10 { #expect(try await cluster.grain(ShoppingList.self, "list \(number)").all() == ["tea"]) }
    }
}

@Test func `a frozen silo is replaced, and what it writes when it wakes is refused`() async throws {
    let cluster = try await TestCluster(silos: 3) { ShoppingList.self }
    try await cluster.run { cluster in
        let list = cluster.grain(ShoppingList.self, "home")
        _ = try await list.add("tea")
        let owner = try #require(cluster.owner(of: list))
        try cluster.freeze(owner)
        // A save that is on its way when the silo freezes.
        let late = Task { try await owner.grain(ShoppingList.self, "home").add("too late") }

        await cluster.declaredDead(owner)
        #expect(try await list.add("milk") == 2)
        try cluster.thaw(owner)
        await #expect(throws: GrainError.self) { try await late.value }
        #expect(try await list.all() == ["tea", "milk"])
    }
}

@Test func `a save whose answer is lost counts once`() async throws {
    let faults = StorageFaults()
    let cluster = try await TestCluster(silos: 2, backend: FaultyBackend(.memory, faults: faults)) {
        ShoppingList.self
    }
    try await cluster.run { cluster in
        let list = cluster.grain(ShoppingList.self, "home")
        _ = try await list.all()
        faults.next(.save, .lostAnswer)
        _ = try? await list.add("tea")
        #expect(try await list.all() == ["tea"])
    }
}

@Grain
actor Courier {
    private let doorbell: EventRecorder<String>

    init(context: GrainContext<Courier>, doorbell: EventRecorder<String>) {
        self.context = context
        self.doorbell = doorbell
    }

    @OneWay func deliver(to door: String) { doorbell.record("\(context.key) rings at \(door)") }
}

@Test func `the courier rings`() async throws {
    let doorbell = EventRecorder<String>()
    let cluster = try await TestCluster(silos: 2) {
        Courier.hosted { context in Courier(context: context, doorbell: doorbell) }
    }
    try await cluster.run { cluster in
        try await cluster.grain(Courier.self, "anna").deliver(to: "12 Elm Street")
        await doorbell.wait(for: "anna rings at 12 Elm Street")
    }
}
