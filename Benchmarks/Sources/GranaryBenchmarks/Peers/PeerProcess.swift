import ArgumentParser
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A silo in a process of its own, as `silo-peer` runs it: what it has printed, and whether it is still there.
final class PeerProcess: Sendable {
    private struct State {
        var identifier: Int32?
        var readyAt: Int64?
        var counts: [(number: Int, at: Int64)] = []
        var endedAt: Int64?
        var end = ""
    }

    let name: String
    private let state = Mutex(State())

    init(_ name: String) { self.name = name }

    /// Its process runs.
    func started(_ identifier: Int32) { state.withLock { $0.identifier = identifier } }

    /// Its process is gone.
    func ended(_ end: String) {
        state.withLock { state in
            state.identifier = nil
            state.endedAt = Uptime.now
            state.end = end
        }
    }

    /// It has printed a line: a word and the numbers that belong to it.
    func printed(_ line: String) {
        let numbers = line.split(separator: " ").compactMap { Int64($0.filter(\.isNumber)) }
        state.withLock { state in
            if line.hasPrefix("ready"), numbers.count == 1 { state.readyAt = numbers[0] }
            if line.hasPrefix("count"), numbers.count == 2 { state.counts.append((Int(numbers[0]), numbers[1])) }
        }
    }

    /// When it began to serve.
    var readyAt: Int64? { state.withLock(\.readyAt) }

    /// How many activations it last said that it had.
    var activations: Int { state.withLock { $0.counts.last?.number ?? 0 } }

    /// When its process was gone.
    var endedAt: Int64? { state.withLock(\.endedAt) }

    /// When it had so few activations for the first time after a moment.
    func reached(atMost number: Int, after moment: Int64) -> Int64? {
        state.withLock { state in
            if let count = state.counts.last(where: { $0.at <= moment }), count.number <= number { return moment }
            return state.counts.first { $0.at > moment && $0.number <= number }?.at
        }
    }

    /// Sends it a signal, if it is still there.
    func signal(_ signal: Int32) {
        // Under the lock, so that the identifier cannot belong to another process by now.
        state.withLock { state in
            if let identifier = state.identifier { _ = kill(identifier, signal) }
        }
    }

    /// Waits until it serves.
    ///
    /// - Returns: When that was.
    @discardableResult
    func ready() async throws -> Int64 {
        while true {
            if let moment = readyAt { return moment }
            if let end = state.withLock({ $0.endedAt == nil ? nil : $0.end }) {
                throw ValidationError("The process '\(name)' ended before it served: \(end).")
            }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// Waits until its process is gone.
    ///
    /// - Returns: When that was.
    @discardableResult
    func gone() async throws -> Int64 {
        while true {
            if let moment = endedAt { return moment }
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}
