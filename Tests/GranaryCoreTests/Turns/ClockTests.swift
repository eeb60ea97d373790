import GranaryCore
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct ClockTests {
    @Test(
        arguments: [
            (Duration.zero, UInt32(0)), (.nanoseconds(1), 1), (.milliseconds(10), 1), (.milliseconds(11), 2),
            (.seconds(1), 100), (.seconds(-1), 0), (.seconds(20_000_000), 2_000_000_000),
            (.seconds(Int64.max / 2), 2_000_000_000),
        ])
    func `a duration in ticks is rounded up and never overflows`(duration: Duration, ticks: UInt32) {
        #expect(duration.ticks == ticks)
    }

    @Test func `a deadline gives its value once, at its tick and not before`() async {
        let deadlines = Deadlines()
        let (due, later, met) = (Rendezvous<String>(), Rendezvous<String>(), Rendezvous<String>())
        deadlines.add(5, due, "late")
        deadlines.add(9, later, "later")
        deadlines.add(5, met, "late")
        met.finish("in time")
        deadlines.expire(now: 4)
        #expect(!due.isFinished)
        deadlines.expire(now: 5)
        #expect(await due.value() == "late")
        #expect(await met.value() == "in time")
        #expect(!later.isFinished)
        deadlines.expire(now: 20)
        #expect(await later.value() == "later")
    }

    @Test func `tasks are awaited, also those that see nothing of their starter`() async {
        let tasks = SiloTasks()
        let (held, apart) = (Rendezvous<Void>(), Rendezvous<String>())
        tasks.start { await held.value() }
        Starter.$name.withValue("somebody") {
            _ = tasks.startApart { apart.finish(Starter.name) }
        }
        #expect(await apart.value() == "nobody")
        let finished = Rendezvous<Void>()
        tasks.finished(finished)
        #expect(!finished.isFinished)
        held.finish(())
        await finished.value()
        #expect(tasks.count == 0)
        let again = Rendezvous<Void>()
        tasks.finished(again)
        #expect(again.isFinished)
    }
}

@Suite(.timeLimit(.minutes(1))) struct ParkedTasksTests {
    /// Whether one more task would be kept; it is not.
    private func isKept(in parked: borrowing Mutex<ParkedTasks>, of tasks: SiloTasks) async -> Bool {
        await tasks.parked { waiter in
            parked.withLock { parked in
                guard parked.park(waiter) else { return false }
                _ = parked.takeLast()
                return true
            }
        }
    }

    @Test func `a parked task counts for nothing, goes on when it is woken, and ends when it is dismissed`() async {
        let tasks = SiloTasks()
        let parked = Mutex(ParkedTasks(most: 1))
        let rounds = Atomic<Int>(0)
        tasks.startApart {
            repeat {
                rounds.add(1, ordering: .sequentiallyConsistent)
            } while await tasks.parked { waiter in parked.withLock { $0.park(waiter) } ? nil : false }
        }
        while tasks.count > 0 { await Task.yield() }
        #expect(rounds.load(ordering: .sequentiallyConsistent) == 1)
        // Enough wait already.
        #expect(await !isKept(in: parked, of: tasks))
        let waiter = parked.withLock { $0.takeLast() }
        #expect(parked.withLock { $0.takeLast() } == nil)
        if let waiter { tasks.wake(waiter) }
        while rounds.load(ordering: .sequentiallyConsistent) < 2 || tasks.count > 0 { await Task.yield() }
        let ends = Rendezvous<Void>()
        tasks.dismiss(parked.withLock { $0.close() })
        tasks.finished(ends)
        await ends.value()
        // A line that is closed keeps nobody.
        #expect(await !isKept(in: parked, of: tasks))
    }
}

private enum Starter { @TaskLocal static var name = "nobody" }
