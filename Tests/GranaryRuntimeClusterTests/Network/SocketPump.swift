import Foundation

/// Two connected sockets whose bytes are passed on to each other, whenever a rule lets them pass.
///
/// What the rule holds up waits, as on a cut cable: nothing is lost, and neither end learns that the other one closed.
final class SocketPump: Sendable {
    /// Whether bytes pass; the argument says whether they go from the near end to the far one.
    typealias Rule = @Sendable (_ outbound: Bool) -> Bool

    private let near: Int32
    private let far: Int32
    private let rule: Rule

    private init(near: Int32, far: Int32, rule: @escaping Rule) {
        self.near = near
        self.far = far
        self.rule = rule
    }

    // When both threads are done.
    deinit {
        close(near)
        close(far)
    }

    /// Passes bytes on until one end closes.
    static func start(near: Int32, far: Int32, rule: @escaping Rule) {
        let pump = SocketPump(near: near, far: far, rule: rule)
        Thread.detachNewThread { pump.copy(from: near, to: far, outbound: true) }
        Thread.detachNewThread { pump.copy(from: far, to: near, outbound: false) }
    }

    /// Blocks the thread until the rule lets bytes pass.
    static func wait(for rule: Rule, outbound: Bool) {
        while !rule(outbound) { usleep(1_000) }
    }

    private func copy(from source: Int32, to target: Int32, outbound: Bool) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(source, &buffer, buffer.count)
            Self.wait(for: rule, outbound: outbound)
            guard count > 0, Self.write(buffer[..<count], to: target) else { break }
        }
        shutdown(near, Int32(SHUT_RDWR))
        shutdown(far, Int32(SHUT_RDWR))
    }

    /// Writes all of it, blocking the thread.
    ///
    /// - Returns: Whether the other side is still there.
    static func write(_ bytes: ArraySlice<UInt8>, to socket: Int32) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var start = 0
            while start < bytes.count {
                let written = send(
                    socket, bytes.baseAddress.map { $0 + start }, bytes.count - start, Int32(MSG_NOSIGNAL))
                guard written > 0 else { return false }
                start += written
            }
            return true
        }
    }
}
