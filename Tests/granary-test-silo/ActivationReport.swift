import Granary
import ServiceLifecycle

/// Prints how many activations the silo has, whenever that has changed.
struct ActivationReport: Service {
    let silo: Silo

    func run() async throws {
        var last = -1
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            let count = silo.activationCount
            if count != last { Output.say("activations \(count)") }
            last = count
            try? await Task.sleep(for: .milliseconds(20))
        }
    }
}
