import Granary
import ServiceLifecycle

/// Says when the silo serves.
struct Announcement: Service {
    let silo: Silo

    func run() async throws {
        while !silo.isReady { try await Task.sleep(for: .milliseconds(5)) }
        Output.say("serves")
        try await gracefulShutdown()
    }
}
