internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Sends HTTP requests, each over a connection of its own: enough for a story and for tests, and nothing to wait for
/// when the server is killed.
public struct HTTPClient: Sendable {
    /// The server's address.
    public var host: String
    /// The server's port.
    public var port: Int
    /// How long a request may take; 30 s unless said otherwise.
    public var timeout: Duration

    /// Makes a client.
    ///
    /// - Parameters:
    ///   - host: The server's address.
    ///   - port: The server's port.
    ///   - timeout: How long a request may take.
    public init(host: String = "127.0.0.1", port: Int, timeout: Duration = .seconds(30)) {
        self.host = host
        self.port = port
        self.timeout = timeout
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// - Parameters:
    ///   - method: The method, such as `GET`.
    ///   - path: The path with its query.
    ///   - headers: Headers beside `Host`, `Connection` and `Content-Length`.
    ///   - body: The body.
    /// - Returns: The answer.
    /// - Throws: ``HTTPFailure`` or an error of the connection when there is no answer.
    public func send(
        _ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8] = []
    ) async throws -> HTTPAnswer {
        var answer = HTTPAnswer(status: 0, headers: [:], body: [])
        try await exchange(method, path, headers: headers, body: body) { part in
            switch part {
            case .head(let head):
                answer.status = Int(head.status.code)
                for (name, value) in head.headers { answer.headers[name.lowercased()] = value }
            case .body(let buffer): answer.body.append(contentsOf: buffer.readableBytesView)
            case .end: break
            }
            return true
        }
        return answer
    }

    /// Reads server-sent events, for at most the ``timeout``.
    ///
    /// - Parameters:
    ///   - path: The path with its query.
    ///   - handle: Gets the data of each event; `false` ends it.
    /// - Returns: Whether the server ended it.
    /// - Throws: ``HTTPFailure`` when the answer is another one, or is cut off.
    @discardableResult
    public func events(_ path: String, _ handle: (String) throws -> Bool) async throws -> Bool {
        var text = ""
        var isEnded = false
        try await exchange("GET", path, headers: ["Accept": "text/event-stream"], body: []) { part in
            switch part {
            case .head(let head):
                guard head.status == .ok else { throw HTTPFailure(description: "status \(head.status.code)") }
            case .body(let buffer):
                text += String(decoding: buffer.readableBytesView, as: UTF8.self)
                while let end = text.range(of: "\n\n") {
                    let event = text[..<end.lowerBound]
                    text.removeSubrange(..<end.upperBound)
                    let data = event.split(separator: "\n").filter { $0.hasPrefix("data: ") }.map { $0.dropFirst(6) }
                    if !data.isEmpty, try !handle(data.joined(separator: "\n")) { return false }
                }
            case .end: isEnded = true
            }
            return true
        }
        return isEnded
    }

    private func exchange(
        _ method: String, _ path: String, headers: [String: String], body: [UInt8],
        _ handle: (HTTPClientResponsePart) throws -> Bool
    ) async throws {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connectTimeout(.seconds(5))
        let connection = try await bootstrap.connect(host: host, port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHTTPClientHandlers()
                return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                    wrappingChannelSynchronously: channel)
            }
        }
        let channel = connection.channel
        let deadline = channel.eventLoop.scheduleTask(in: TimeAmount(timeout)) { channel.close(promise: nil) }
        defer { deadline.cancel() }
        var head = HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: path)
        head.headers.add(name: "Host", value: "\(host):\(port)")
        head.headers.add(name: "Connection", value: "close")
        for (name, value) in headers { head.headers.replaceOrAdd(name: name, value: value) }
        if !body.isEmpty { head.headers.add(name: "Content-Length", value: String(body.count)) }
        var isAnswered = false
        do {
            try await connection.executeThenClose { inbound, outbound in
                // All at once: a server that has read the head of a GET may answer and close before anything more comes.
                var request: [HTTPClientRequestPart] = [.head(head)]
                if !body.isEmpty { request.append(.body(.byteBuffer(ByteBuffer(bytes: body)))) }
                request.append(.end(nil))
                try await outbound.write(contentsOf: request)
                for try await part in inbound {
                    if case .end = part { isAnswered = true }
                    if try !handle(part) { isAnswered = true }
                    if isAnswered { return }
                }
                throw HTTPFailure(description: "\(method) \(path): the connection ended before the answer did")
            }
        } catch let error as ChannelError {
            // Closing a connection that the server has closed meanwhile is no failure of the request.
            if !isAnswered { throw error }
        }
    }
}
