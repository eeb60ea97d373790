import GranaryCluster
import GranaryCore
import Testing

@testable import GranaryRuntime

/// The tables that calls between silos are kept in.
@Suite(.timeLimit(.minutes(1))) struct CallTableTests {
    private struct Count: GrainTableEntry {
        var value = 0
        var isEmpty: Bool { value == 0 }
    }

    private static func grain(_ number: Int) -> ClusterGrain {
        ClusterGrain(type: "Cart", key: "\(number)", hash: UInt64(number))
    }

    @Test func `a call's number is never given twice, and a call is taken out once`() {
        var slots = CallSlots<Int>()
        var seen: Set<UInt64> = []
        for round in 0..<100 {
            let numbers = (0..<10).map { number in slots.insert { _ in round * 10 + number } }
            #expect(numbers.allSatisfy { $0 != 0 && seen.insert($0).inserted })
            #expect(slots.all.map(\.call).sorted() == (0..<10).map { round * 10 + $0 })
            for (index, number) in numbers.enumerated() {
                #expect(slots.remove(number) == round * 10 + index)
                #expect(slots.remove(number) == nil)
            }
        }
        #expect(slots.remove(.max) == nil)
    }

    @Test func `a table forgets grains that have nothing under way, and no others`() {
        var table = GrainTable<Count>()
        let kept = table.place(of: Self.grain(20_000))
        table[kept].value = 5
        for number in 0..<10_000 {
            let place = table.place(of: Self.grain(number))
            #expect(table[place].value == 0)
            // Something comes and goes.
            table[place].value = 1
            table[place].value = 0
        }
        #expect(table.count <= 512)
        #expect(table.find(Self.grain(20_000)) == kept)
        #expect(table[kept].value == 5)
    }

    @Test func `the last of the silo's tasks is noticed, whoever began to wait when`() async {
        let tasks = SiloTasks()
        for _ in 0..<200 {
            for _ in 0..<4 { tasks.start { await Task.yield() } }
            let finished = Rendezvous<Void>()
            tasks.finished(finished)
            await finished.value()
        }
        await eventually { tasks.count == 0 }
        let finished = Rendezvous<Void>()
        tasks.finished(finished)
        #expect(finished.isFinished)
    }
}
