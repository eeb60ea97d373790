import Granary
import ServiceLifecycle

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Prints when a silo serves and how its activations become more and fewer, and ends the process when the benchmark that
/// started it is gone.
struct PeerReport: Service {
    let silo: Silo
    let counts: Bool
    private let parent = getppid()

    init(silo: Silo, counts: Bool) {
        self.silo = silo
        self.counts = counts
    }

    func run() async throws {
        while !silo.isReady { try await Task.sleep(for: .milliseconds(1)) }
        Self.say("ready")
        var last = -1
        // Also while the silo drains, which comes after it in the group and so is told to stop before it.
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            if counts {
                let count = silo.activationCount
                if count != last { Self.say("count \(count)") }
                last = count
            }
            if getppid() != parent { exit(1) }
            try? await Task.sleep(for: .milliseconds(counts ? 5 : 200))
        }
    }

    /// Prints a line with the time, which is there also when the process is killed.
    static func say(_ line: String) {
        print(line, Uptime.now)
        fflush(nil)
    }
}
