internal import CoreMetrics
internal import GranaryCore
internal import Logging
internal import Synchronization

extension SiloRuntime {
    /// Looks for turns that run for too long in a part of the activations, unless the last visit there goes on.
    ///
    /// A visit waits where a grain blocks its thread; further ones would only wait with it.
    func startWatch(of part: Int) {
        guard watched.withLock({ $0.insert(part).inserted }) else { return }
        _states.tasks.start { [self] in
            await watch(part)
            _ = watched.withLock { $0.remove(part) }
        }
    }

    private func watch(_ part: Int) async {
        for host in hosts.all {
            for turn in await host.stuckTurns(configuration.turnWarning.ticks, part: part, of: WatchRounds.parts) {
                metrics.stuckTurns.increment()
                _logger.warning(
                    "a turn runs for long; calls to the grain wait",
                    metadata: [
                        "grain": "\(turn.grain)", "method": "\(turn.method)",
                        "seconds": "\(Double(turn.age) / 100)",
                    ])
            }
        }
    }
}
