import NIOCore
import Synchronization

@testable import GranaryTransport

/// A wire whose other end reads only when the test says so; its loop is run by hand.
final class StuckWire: Wire {
    private struct State {
        var isWritable = true
        var written = 0
        var work: [@Sendable () -> Void] = []
    }

    let remote = "stuck"
    private let state = Mutex(State())

    /// How many bytes were written.
    var written: Int { state.withLock(\.written) }

    /// Lets the other end read, or not.
    func setWritable(_ isWritable: Bool) { state.withLock { $0.isWritable = isWritable } }

    /// Runs everything that was given to the loop, and what comes of it.
    func run() {
        while true {
            let work = state.withLock { state in
                defer { state.work = [] }
                return state.work
            }
            if work.isEmpty { return }
            for piece in work { piece() }
        }
    }

    var isWritable: Bool { state.withLock(\.isWritable) }
    func write(_ bytes: ByteBuffer) { state.withLock { $0.written += bytes.readableBytes } }
    func flush() {}
    func close() {}
    func close(after bytes: ByteBuffer) { write(bytes) }
    func execute(_ work: @escaping @Sendable () -> Void) { state.withLock { $0.work.append(work) } }
    /// No time passes.
    func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {}
}
