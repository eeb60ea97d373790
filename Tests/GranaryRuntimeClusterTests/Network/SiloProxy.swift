import Foundation
import GranaryCore
import GranaryTestSupport
import NIOCore

@testable import GranaryTransport

/// Stands in front of one silo: others reach it here, and it reaches the database here, as the rules of a network allow.
final class SiloProxy: Sendable {
    let name: String
    /// Where the silo has to listen.
    let listen: String
    /// Where the others reach it.
    let advertise: String
    /// How it reaches the database.
    let conninfo: String
    private let listeners: [SocketListener]
    private let folder: TemporaryFolder

    /// Makes a proxy for a silo that will be started.
    init(for name: String, rules: NetworkRules, database: TestDatabase) throws {
        self.name = name
        let (data, control) = (try FreePort.find(), try FreePort.find())
        folder = try TemporaryFolder("net")
        guard let socket = database.server.socket else {
            throw Command.Failure(description: "the server has no unix socket")
        }
        let links = try [data, control].map { port in
            try SocketListener.onLoopback { Self.join($0, port: port, of: name, rules) }
        }
        let toDatabase = try SocketListener.atPath("\(folder.path)/\(socket.file)") { near in
            SocketPump.wait(for: { _ in rules.reachesDatabase(name) }, outbound: true)
            guard let far = SocketListener.connect(path: "\(socket.folder)/\(socket.file)") else {
                Foundation.close(near)
                return
            }
            SocketPump.start(near: near, far: far) { _ in rules.reachesDatabase(name) }
        }
        listen = "127.0.0.1:\(data)/\(control)"
        advertise = "127.0.0.1:\(links[0].port)/\(links[1].port)"
        conninfo = database.conninfo.replacingOccurrences(of: socket.folder, with: folder.path)
        listeners = links + [toDatabase]
    }

    /// Nobody gets through any more.
    func close() {
        for listener in listeners { listener.close() }
        folder.remove()
    }

    /// Passes a connection on, once it has said who opened it and the rules let that one through.
    private static func join(_ near: Int32, port: Int, of name: String, _ rules: NetworkRules) {
        guard let (bytes, sender) = readHello(near) else {
            Foundation.close(near)
            return
        }
        let rule: SocketPump.Rule = { outbound in
            // Who has no name yet is just joining.
            guard let dialer = rules.name(of: sender) else { return true }
            return outbound ? rules.passes(from: dialer, to: name) : rules.passes(from: name, to: dialer)
        }
        SocketPump.wait(for: rule, outbound: true)
        guard let far = SocketListener.connect(port: port), SocketPump.write(bytes[...], to: far) else {
            Foundation.close(near)
            return
        }
        SocketPump.start(near: near, far: far, rule: rule)
    }

    /// Reads up to the end of the first frame.
    private static func readHello(_ socket: Int32) -> (bytes: [UInt8], sender: Int32)? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 8_192)
        while true {
            let count = read(socket, &buffer, buffer.count)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
            var splitter = FrameSplitter()
            splitter.append(ByteBuffer(bytes: bytes))
            do {
                guard let frame = try splitter.next() else { continue }
                var reader = FrameReader(frame)
                _ = try reader.integer(UInt8.self)
                return (bytes, try Hello(reading: &reader).sender.silo)
            } catch {
                return nil
            }
        }
    }
}
