internal import GranaryCore
internal import Logging

extension SiloRuntime {
    /// Ends activations when memory gets short, until the silo ends; returns at once where that is not wanted.
    func shedMemory() async {
        guard let limit = configuration.memoryLimit else { return }
        let pressure = MemoryPressure(limit: limit, target: configuration.memoryTarget)
        var hasShed = false
        if memory.read() == nil {
            _logger.warning("the process's memory cannot be measured here; the memory limit has no effect")
        }
        while !Task.isCancelled {
            do { try await time.sleep(for: configuration.memoryInterval) } catch { return }
            let source = memory
            // What ended activations left is still the process's until it is handed back, and would count again.
            if hasShed { source.trim() }
            guard let reading = source.read() else { continue }
            let ended = await shed(pressure, at: reading)
            hasShed = ended > 0
            if ended > 0 {
                _logger.warning(
                    "memory is short: activations were ended",
                    metadata: ["used": "\(reading.used)", "available": "\(reading.available)", "ended": "\(ended)"])
            }
        }
    }

    /// Ends as many activations as memory is short of, those first whose idle age is over first.
    ///
    /// - Parameters:
    ///   - pressure: How many that are.
    ///   - reading: How much memory there is.
    /// - Returns: How many were ended.
    package func shed(_ pressure: MemoryPressure, at reading: MemoryReading) async -> Int {
        let goal = pressure.excess(of: capacity.stayingActivations, at: reading)
        let now = clock.now
        var ended = 0
        var open = hosts.all
        while ended < goal {
            let candidates = open.compactMap { host in host.oldestUse.map { (host: host, tick: $0) } }
            guard let next = candidates.min(by: { due($0) < due($1) }) else { break }
            let victims = await next.host.evict(min(goal - ended, 512), .memory, upTo: next.tick, now: now)
            ended += victims
            // Whoever is left there has been looked at in this tick, and is busy.
            if victims == 0, next.tick >= now { open.removeAll { $0 === next.host } }
        }
        return ended
    }

    private func due(_ candidate: (host: any GrainHosting, tick: UInt32)) -> UInt64 {
        UInt64(candidate.tick) + UInt64(candidate.host.idleTicks)
    }
}
