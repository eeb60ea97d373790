import Granary

/// What most users have: a small state, read more often than written.
@Grain(key: Int.self)
actor AccountGrain {
    @Stored var state = SmallState()

    @ReadOnly func balance() -> Int { state.balance }

    func deposit(_ amount: Int) async throws -> Int {
        state.balance += amount
        try await $state.save()
        return state.balance
    }
}
