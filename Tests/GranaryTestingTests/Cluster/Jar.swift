import Granary
import GranaryTesting

/// A grain that keeps a number and says where it is.
@Grain("jar") actor Jar {
    @Stored var coins = 0
    private let silo: String
    private let latch: Latch

    init(context: GrainContext<Jar>, silo: String, latch: Latch) {
        self.context = context
        self.silo = silo
        self.latch = latch
    }

    func drop(_ count: Int) async throws -> Int {
        coins += count
        try await $coins.save()
        return coins
    }

    /// Waits at the latch before it saves.
    func dropLate(_ count: Int) async throws -> Int {
        await latch.wait()
        return try await drop(count)
    }

    @ReadOnly func count() -> Int { coins }
    func place() -> String { silo }
}
