import Foundation
import GranaryTestSupport
import Testing

/// What the tests start programs with.
@Suite struct ChildProcessTests {
    @Test func `a program inherits neither blocked nor ignored signals`() async throws {
        let status = try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                var all = sigset_t()
                sigfillset(&all)
                pthread_sigmask(SIG_BLOCK, &all, nil)
                let before = signal(SIGUSR2, SIG_IGN)
                defer { signal(SIGUSR2, before) }
                continuation.resume(
                    with: Result { try Command(["grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"]).runBlocking() })
            }
        }
        let masks = status.split(whereSeparator: \.isWhitespace).compactMap { UInt64($0, radix: 16) }
        // Signals 32 and 33 are the C library's own; it lets nobody change them.
        let own: UInt64 = 0x1_8000_0000
        #expect(masks.map { $0 & ~own } == [0, 0], "\(status)")
    }
}
