internal import GranaryCore

extension SiloRuntime {
    /// Ends idle activations, from time to time, until the silo ends.
    func collectIdle() async {
        let shortest = hosts.all.map { host in host.idleTicks }.min() ?? .max
        let interval = min(configuration.collectionInterval, .milliseconds(Int64(shortest) * 10))
        while !Task.isCancelled {
            do { try await time.sleep(for: max(interval, .milliseconds(10))) } catch { return }
            await collect()
        }
    }

    /// Ends the activations that are past their idle age.
    package func collect() async {
        for host in hosts.all { await host.collect(now: clock.now) }
    }

    /// Keeps the number of activations at its limit until the silo ends.
    func evictExcess() async {
        while !Task.isCancelled {
            await capacity.exceeded()
            if Task.isCancelled { return }
            if await evictOnce() == 0 {
                // Everything is busy or already ending: the limit yields until a turn ends.
                if capacity.excess > 0 { capacity.yieldAll() }
                do { try await time.sleep(for: .milliseconds(10)) } catch { return }
            }
        }
    }

    /// Ends the least recently used activations of all types; says how many.
    private func evictOnce() async -> Int {
        let now = clock.now
        var ended = 0
        var attempts = 0
        while capacity.excess > 0, attempts < 64 {
            attempts += 1
            let candidates = hosts.all.compactMap { host in host.oldestUse.map { (host, $0) } }
            guard let (host, tick) = candidates.min(by: { $0.1 < $1.1 }) else { break }
            let victims = await host.evict(min(capacity.excess, 512), .capacity, upTo: tick, now: now)
            ended += victims
            // Whoever is left has been looked at in this tick, and is busy.
            if victims == 0, tick >= now { break }
        }
        return ended
    }
}
