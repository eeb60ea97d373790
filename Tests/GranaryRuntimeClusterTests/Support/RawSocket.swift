import Foundation
import GranaryTestSupport

/// A TCP socket that does nothing by itself.
final class RawSocket: Sendable {
    private let descriptor: Int32

    /// Connects with a port of this machine.
    init(connectingTo port: Int) throws {
        descriptor = try Self.make()
        let status = Self.withAddress(port) { connect(descriptor, $0, $1) }
        guard status == 0 else { throw Command.Failure(description: "no connection: \(errno)") }
    }

    /// Listens at a port of this machine, and accepts nobody by itself.
    init(listeningAt port: Int) throws {
        descriptor = try Self.make()
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        let status = Self.withAddress(port) { bind(descriptor, $0, $1) }
        guard status == 0, listen(descriptor, 100) == 0 else {
            throw Command.Failure(description: "cannot listen: \(errno)")
        }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { close(descriptor) }

    /// Sends bytes.
    func send(_ bytes: [UInt8]) { _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } }

    /// How many have connected since the last time this was asked.
    func acceptAll() -> Int {
        var count = 0
        while true {
            let accepted = accept(descriptor, nil, nil)
            guard accepted >= 0 else { return count }
            close(accepted)
            count += 1
        }
    }

    private static func make() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Command.Failure(description: "no socket: \(errno)") }
        return descriptor
    }

    private static func withAddress(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
