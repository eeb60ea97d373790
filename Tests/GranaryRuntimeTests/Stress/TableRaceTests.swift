import GranaryCore
import Synchronization
import Testing

/// An object that knows whether it still lives.
private final class Tenant: Sendable {
    static let alive: UInt64 = 0xA11C_E000_A11C_E000
    let number: Int
    let mark = Atomic<UInt64>(Tenant.alive)

    init(_ number: Int) { self.number = number }

    deinit { mark.store(0, ordering: .relaxed) }
}

private final class House: Sendable {
    let table = LookupTable(KeyLayout(Int.self))
    private let usage = Mutex(LookupTable.Usage())
    let found = Atomic<Int>(0)
    let isOver = Atomic<Bool>(false)

    func find(_ number: Int) -> Tenant? { table.find(number, hash: number._tableHash, as: Tenant.self) }

    func moveIn(_ number: Int) {
        let retired = KeyPlace.of(number, hash: number._tableHash) { place in
            usage.withLock { table.insert(Tenant(number), for: place, &$0) }
        }
        if let retired { Retirement.retire(retired) }
    }

    func moveOut(_ number: Int) {
        guard let tenant = find(number) else { return }
        let removed = KeyPlace.of(number, hash: number._tableHash) { place in
            usage.withLock { table.remove(tenant, for: place, &$0) }
        }
        if let removed { Retirement.retire(removed) }
    }
}

/// Readers without a lock against a writer that takes everything away again: meant for ThreadSanitizer as well.
@Suite(.timeLimit(.minutes(2))) struct TableRaceTests {
    @Test func `readers find whole objects while a writer adds, removes and grows`() async {
        let house = House()
        let keys = 512
        let mistakes = await withTaskGroup(of: Int.self) { group in
            for reader in 0..<3 {
                group.addTask {
                    var mistakes = 0
                    var found = 0
                    var number = reader
                    while !house.isOver.load(ordering: .relaxed) {
                        for _ in 0..<1_000 {
                            number = (number &* 5 &+ 1) & (keys - 1)
                            guard let tenant = house.find(number) else { continue }
                            found += 1
                            let isWhole =
                                tenant.number == number && tenant.mark.load(ordering: .relaxed) == Tenant.alive
                            if !isWhole { mistakes += 1 }
                        }
                        await Task.yield()
                    }
                    house.found.add(found, ordering: .relaxed)
                    return mistakes
                }
            }
            group.addTask {
                for round in 0..<60 {
                    for number in 0..<keys { house.moveIn(number) }
                    await Task.yield()
                    for number in 0..<keys { house.moveOut((number &* 7 &+ round) & (keys - 1)) }
                }
                house.isOver.store(true, ordering: .relaxed)
                return 0
            }
            return await group.reduce(0, +)
        }
        #expect(mistakes == 0)
        #expect(house.found.load(ordering: .relaxed) > 0)
        #expect((0..<keys).allSatisfy { house.find($0) == nil })
    }
}
