import Granary

/// What a call costs without Granary.
actor BareCounter {
    var value = 0

    func increment() -> Int {
        value &+= 1
        return value
    }

    func incrementLater() async -> Int {
        value &+= 1
        return value
    }
}

@Grain(key: Int.self)
actor CounterGrain {
    var value = 0

    func increment() -> Int {
        value &+= 1
        return value
    }

    func incrementLater() async -> Int {
        value &+= 1
        return value
    }

    @ReadOnly func current() -> Int { value }
}

@Grain
actor NamedCounterGrain {
    var value = 0

    func increment() -> Int {
        value &+= 1
        return value
    }
}

@Coded
struct SmallState: Codable, Sendable, Hashable {
    var owner = "nobody"
    var balance = 0
    var items: [String: Int] = ["sku-1": 2]
}

@Grain(key: Int.self)
actor StatefulGrain {
    @Stored var state = SmallState()

    func touch() -> Int { state.balance }

    func deposit(_ amount: Int) async throws -> Int {
        state.balance += amount
        try await $state.save()
        return state.balance
    }
}
