package import GranaryCore
internal import Logging

extension SiloRuntime {
    package func _scheduleFlush<G: Grain>(_ grain: G, at tick: UInt32) {
        flushes.add(tick) { [self] in await flush(grain) }
    }

    /// Saves what a grain's write-behind states have, and lets no turn that may write begin before it is saved: or the
    /// window would be no bound.
    private func flush<G: Grain>(_ grain: G) async {
        let host = grain.context.host
        guard await grain._beginFlush(host) else { return }
        var backoff = Duration.milliseconds(50)
        retry: while true {
            do {
                _ = try await grain._flush()
                break
            } catch let error as GrainError where error.code == .storageUnavailable {
                _logger.warning(
                    "a write-behind save failed and is tried again; turns that may write wait",
                    metadata: ["grain": "\(grain.context.id)", "error": "\(error)"])
                do { try await time.sleep(for: backoff) } catch { break retry }
                backoff = min(backoff * 2, .seconds(2))
                if currentPhase == .stopped || currentPhase == .fenced { break retry }
            } catch let error as GrainError where error.code == .outcomeUnknown {
                _logger.warning(
                    "a write-behind save was not answered; turns wait until its outcome is known",
                    metadata: ["grain": "\(grain.context.id)", "error": "\(error)"])
                break
            } catch {
                _logger.error(
                    "a write-behind save was lost", metadata: ["grain": "\(grain.context.id)", "error": "\(error)"])
                break
            }
        }
        await grain._endFlush(host)
    }
}
