import Granary
import GranaryTestGrains
import ServiceLifecycle
import Synchronization

/// Calls grains through the silo that it lives in, from the time when that serves until it is told to stop.
final class SiloLoad: Service {
    private let silo: Silo
    private let plan: LoadPlan
    private let log: CallLog
    private let calls = Atomic<Int64>(0)

    init(_ plan: LoadPlan, silo: Silo) {
        self.plan = plan
        self.silo = silo
        log = CallLog(path: plan.log)
    }

    func run() async throws {
        await withTaskGroup { group in
            for caller in 0..<plan.callers { group.addTask { await self.call(as: caller) } }
        }
    }

    /// Each caller has grains of its own, so that their order per process can be checked.
    private func call(as caller: Int) async {
        let interval = Duration.seconds(Double(plan.callers) / plan.rate)
        let clock = ContinuousClock()
        var next = clock.now + interval * Double.random(in: 0..<1)
        var key = caller
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            // Behind time it hurries, but does not make good for a long pause.
            next = max(next + interval, clock.now - interval)
            try? await clock.sleep(until: next)
            guard silo.isReady else { continue }
            key = key + plan.callers < plan.keys ? key + plan.callers : caller
            // What stays within the process fills no link.
            if plan.kind == .parrots, silo.owner(of: silo.grain(Parrot.self, "\(key)")) == silo.configuration.name {
                continue
            }
            await call(key)
        }
    }

    private func call(_ key: Int) async {
        let isAddition = plan.kind == .journals && Int.random(in: 0..<100) < plan.writes
        // Unique among all processes, and within 53 bits.
        let number = Int64(TallyProcess.identifier) << 28 | calls.add(1, ordering: .relaxed).newValue
        let began = CallLog.now
        var outcome = CallRecord.Outcome.answered
        do {
            if isAddition {
                _ = try await silo.grain(Journal.self, "\(key)").add(number)
                outcome = .added
            } else if plan.kind == .journals {
                _ = try await silo.grain(Journal.self, "\(key)").process()
            } else {
                _ = try await silo.grain(Parrot.self, "\(key)").echo([UInt8](repeating: 7, count: plan.bytes))
            }
        } catch {
            outcome = .failed
            Output.say("call of \(key) failed: \(error)")
        }
        log.add(
            CallRecord(
                key: Int32(key), outcome: outcome, number: isAddition ? number : 0, began: began, ended: CallLog.now))
    }
}
