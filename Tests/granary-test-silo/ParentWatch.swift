import ServiceLifecycle

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Ends the process when the test that started it is gone.
struct ParentWatch: Service {
    private let parent = getppid()

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            if getppid() != parent { exit(1) }
            try? await Task.sleep(for: .milliseconds(500))
        }
    }
}
