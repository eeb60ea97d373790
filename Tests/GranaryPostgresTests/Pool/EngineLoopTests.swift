import GranaryCore
import Testing

@testable import GranaryPostgres

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Steps of the loop, without its thread and without a server.
@Suite struct EngineLoopTests {
    private func load(_ key: String) -> EngineMessage {
        let request = StateLoad(grain: GrainID(type: "Cart", key: key), names: ["contents"])
        return .load(request, NoReceiver())
    }

    @Test func whoHelpsWakesTheThreadIfItWouldSleepTooLong() throws {
        let loop = EngineLoop(
            PostgresConfiguration("host=/nonexistent"), connection: try ConnectionString("host=/nonexistent"),
            listening: nil, context: Fixture.context, inbox: try Inbox())
        var descriptors: [pollfd] = []
        #expect(loop.step(&descriptors, found: 0) == -1, "it sleeps until something comes")
        #expect(loop.help(with: load("a")), "what waits for a connection gives up in time")
        let sleep = try #require(loop.step(&descriptors, found: 0))
        #expect(sleep >= 0)
        #expect(!loop.help(with: load("b")), "this one gives up later than the first")
    }
}
