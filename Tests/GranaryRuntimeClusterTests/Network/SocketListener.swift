import Foundation
import GranaryTestSupport

/// A listening socket with a thread that accepts.
final class SocketListener: Sendable {
    private let socket: Int32
    /// The port; 0 for a unix socket.
    let port: Int

    private init(_ socket: Int32, port: Int) {
        self.socket = socket
        self.port = port
    }

    /// Listens at a free port of 127.0.0.1.
    ///
    /// - Parameter accepted: Gets each connection, on a thread of its own.
    static func onLoopback(_ accepted: @escaping @Sendable (Int32) -> Void) throws -> SocketListener {
        let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard withLoopback(port: 0, { bind(socket, $0, $1) }) == 0, listen(socket, 128) == 0 else {
            throw Command.Failure(description: "no proxy: \(errno)")
        }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
        }
        return SocketListener(socket, port: Int(UInt16(bigEndian: address.sin_port))).start(accepted)
    }

    /// Listens at a path.
    static func atPath(_ path: String, _ accepted: @escaping @Sendable (Int32) -> Void) throws -> SocketListener {
        let socket = Foundation.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard withPath(path, { bind(socket, $0, $1) }) == 0, listen(socket, 128) == 0 else {
            throw Command.Failure(description: "no proxy at \(path): \(errno)")
        }
        return SocketListener(socket, port: 0).start(accepted)
    }

    private func start(_ accepted: @escaping @Sendable (Int32) -> Void) -> SocketListener {
        Thread.detachNewThread { [socket] in
            while true {
                let client = accept(socket, nil, nil)
                guard client >= 0 else { return }
                Thread.detachNewThread { accepted(client) }
            }
        }
        return self
    }

    /// Accepts nothing more.
    func close() {
        shutdown(socket, Int32(SHUT_RDWR))
        _ = Foundation.close(socket)
    }

    /// Connects to a port of 127.0.0.1, blocking the thread.
    ///
    /// - Returns: The socket; `nil` when nobody listens there.
    static func connect(port: Int) -> Int32? {
        let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard withLoopback(port: port, { Foundation.connect(socket, $0, $1) }) == 0 else {
            _ = Foundation.close(socket)
            return nil
        }
        var isOn: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
        return socket
    }

    /// Connects to a path, blocking the thread.
    ///
    /// - Returns: The socket; `nil` when nobody listens there.
    static func connect(path: String) -> Int32? {
        let socket = Foundation.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard withPath(path, { Foundation.connect(socket, $0, $1) }) == 0 else {
            _ = Foundation.close(socket)
            return nil
        }
        return socket
    }

    private static func withLoopback(port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }

    private static func withPath(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8).prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }
}
