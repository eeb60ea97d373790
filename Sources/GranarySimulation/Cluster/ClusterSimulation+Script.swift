package import GranaryCluster

/// What a test's script can do in place of the random faults. Silos are named by their slots, 0, 1 and so on.
extension ClusterSimulation {
    /// Prepares a run without random faults, in which processes that end stay so.
    ///
    /// - Parameter silos: The slots of the silos that start now, one every 20 ms.
    package func begin(_ silos: Range<Int>) {
        isHealed = true
        restarts = false
        start(silos)
    }

    /// Starts silos, one every 20 ms.
    ///
    /// - Parameter silos: Their slots.
    package func start(_ silos: Range<Int>) {
        lastTrouble = now
        for (index, slot) in silos.enumerated() { events.push(.start(slot: slot), at: now + Int64(index) * 20_000) }
    }

    /// Lets simulated time go on.
    ///
    /// - Parameter milliseconds: How long.
    package func advance(_ milliseconds: Int64) { run(until: now + milliseconds * 1_000) }

    /// Lets simulated time go on until something is so.
    ///
    /// - Parameters:
    ///   - limit: The longest to wait, in milliseconds.
    ///   - condition: What is waited for; it is looked at every 10 ms.
    /// - Returns: How long it took in milliseconds, or `nil`.
    package func advance(atMost limit: Int64, until condition: () -> Bool) -> Int64? {
        let begin = now
        while !condition() {
            if now - begin >= limit * 1_000 || violation != nil { return nil }
            advance(10)
        }
        return (now - begin) / 1_000
    }

    /// Kills processes.
    package func kill(_ silos: some Sequence<Int>) {
        lastTrouble = now
        for slot in silos where slots[slot] >= 0 {
            statistics.crashes += 1
            exit(processes[slots[slot]], restart: false)
        }
    }

    /// Asks silos to leave.
    package func leave(_ silos: some Sequence<Int>) {
        lastTrouble = now
        for slot in silos where slots[slot] >= 0 {
            let process = processes[slots[slot]]
            perform(process.membership.leave(now: process.clock(now)), process)
        }
    }

    /// Stops a process for some milliseconds.
    package func freeze(_ slot: Int, milliseconds: Int64) {
        lastTrouble = now
        freeze(processes[slots[slot]], for: milliseconds * 1_000)
    }

    /// Takes the database away, or brings it back.
    package func setDatabase(isUp: Bool) {
        lastTrouble = now
        isDatabaseDown = !isUp
    }

    /// Fills the data links of silos, or empties them.
    package func setSaturated(_ silos: Set<Int>) {
        lastTrouble = now
        saturated = silos
    }

    /// Sets the database's wall clock forwards or back by some seconds, and sweeps.
    package func setWallClock(by seconds: Int64) { jumpWallClock(by: seconds * 1_000_000) }

    /// Whether everyone who lives has installed the newest view, and exactly these are active and nobody else is a member.
    package func isCalm(_ silos: Range<Int>) -> Bool {
        guard database.view.live.count == silos.count else { return false }
        return silos.allSatisfy { slot in
            guard slots[slot] >= 0 else { return false }
            let process = processes[slots[slot]]
            return process.isAlive && process.membership.phase == .active
                && process.ownership?.installed == database.view.number && process.ownership?.isSettled == true
        }
    }

    /// Calls every grain from one silo, and waits for the answers.
    ///
    /// - Parameter slot: The slot of the calling silo.
    /// - Returns: How many calls failed or were not answered within 3 s.
    package func callAll(from slot: Int) -> Int {
        let first = calls.count
        for grain in grains.indices {
            call(grain, from: processes[slots[slot]], isWrite: grain % 2 == 0, timeout: 3_000_000)
        }
        let mine = (first..<calls.count)
        advance(3_000)
        return mine.count { !calls[$0].isEnded || calls[$0].hasFailed }
    }

    /// Checks what has to be so at the end: exactly these silos serve, and nothing acknowledged is lost.
    ///
    /// - Parameter silos: Their slots.
    /// - Returns: What went wrong, if anything did.
    package func end(_ silos: Range<Int>) -> String? {
        if violation == nil { checkEnd(silos) }
        return violation
    }

    /// How many grains are held by somebody.
    package var heldCount: Int { holders.count { !$0.isEmpty } }

    /// The database's members.
    package var view: ClusterView { database.view }
}
