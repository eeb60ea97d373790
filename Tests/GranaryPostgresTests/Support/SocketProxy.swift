import Foundation
import GranaryTestSupport
import Synchronization

/// Stands between libpq and a server's unix socket, and cuts connections where it is told to.
final class SocketProxy: Sendable {
    /// What happens to a statement that saves.
    enum Fault: Sendable {
        /// The server never sees it.
        case cutBefore
        /// The server runs it, and the answer is thrown away.
        case cutAfterAnswer
        /// The server gets it, and both ends are cut at once, so that it may or may not run.
        case cutAtOnce
    }

    private struct State {
        var faults: [Fault] = []
        var cuts = 0
    }

    /// The folder to use as `host`.
    var folder: String { place.path }
    private let place: TemporaryFolder
    private let target: String
    private let listener: Int32
    private let state = Mutex(State())

    /// Starts a proxy for a server.
    init(_ server: PostgresServer) throws {
        // Either side may have closed when the other one's bytes come: that is an error of the write, and no signal.
        signal(SIGPIPE, SIG_IGN)
        let place = try TemporaryFolder("proxy")
        self.place = place
        target = "\(server.folder ?? "")/.s.PGSQL.\(server.port)"
        listener = Self.socket()
        let status = Self.withAddress(place.file(".s.PGSQL.\(server.port)")) { bind(listener, $0, $1) }
        guard status == 0, listen(listener, 64) == 0 else { throw Command.Failure(description: "no proxy: \(errno)") }
        Thread.detachNewThread { [self] in accept() }
    }

    /// Ends the proxy; connections that are open stay.
    func close() {
        shutdown(listener, Int32(SHUT_RDWR))
        _ = Foundation.close(listener)
        place.remove()
    }

    /// Adds faults for the next saves, one for each.
    func add(_ faults: [Fault]) { state.withLock { $0.faults += faults } }

    /// How often it cut.
    var cuts: Int { state.withLock { $0.cuts } }

    private static func socket() -> Int32 { Foundation.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) }

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8).prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private func accept() {
        while true {
            let client = Foundation.accept(listener, nil, nil)
            guard client >= 0 else { return }
            let server = Self.socket()
            guard Self.withAddress(target, { connect(server, $0, $1) }) == 0 else {
                _ = Foundation.close(client)
                _ = Foundation.close(server)
                continue
            }
            let link = Link(client: client, server: server)
            Thread.detachNewThread { [self] in copyFromClient(link) }
            Thread.detachNewThread { Self.copyFromServer(link) }
        }
    }

    /// The two ends of a connection, closed when both threads are done with them.
    private final class Link: Sendable {
        let client: Int32
        let server: Int32
        /// Set when the server's next answer is thrown away and the connection cut.
        let dropsAnswer = Atomic(false)

        init(client: Int32, server: Int32) {
            self.client = client
            self.server = server
        }

        deinit {
            _ = Foundation.close(client)
            _ = Foundation.close(server)
        }

        func cut() {
            shutdown(client, Int32(SHUT_RDWR))
            shutdown(server, Int32(SHUT_RDWR))
        }
    }

    private func copyFromClient(_ link: Link) {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(link.client, &buffer, buffer.count)
            guard count > 0 else { return link.cut() }
            if Self.saves(Data(buffer[..<count])), let fault = takeFault() {
                switch fault {
                case .cutBefore: return link.cut()
                case .cutAfterAnswer: link.dropsAnswer.store(true, ordering: .sequentiallyConsistent)
                case .cutAtOnce:
                    _ = write(link.server, buffer, count)
                    return link.cut()
                }
            }
            guard write(link.server, buffer, count) == count else { return link.cut() }
        }
    }

    /// Whether a save is run, by the name of its statement or by its text, and not only prepared.
    private static func saves(_ bytes: Data) -> Bool {
        // To run it is to bind it to the portal without a name, so a zero comes first.
        func has(_ text: String) -> Bool { bytes.range(of: Data(text.utf8)) != nil }
        if has("\0granary_save\0") || has("\0granary_save_one\0") { return true }
        return (has("granary.save(") || has("granary.save_one(")) && !has("granary_save")
    }

    private func takeFault() -> Fault? {
        state.withLock { state in
            guard !state.faults.isEmpty else { return nil }
            state.cuts += 1
            return state.faults.removeFirst()
        }
    }

    private static func copyFromServer(_ link: Link) {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(link.server, &buffer, buffer.count)
            guard count > 0, !link.dropsAnswer.load(ordering: .sequentiallyConsistent) else { return link.cut() }
            guard write(link.client, buffer, count) == count else { return link.cut() }
        }
    }
}
