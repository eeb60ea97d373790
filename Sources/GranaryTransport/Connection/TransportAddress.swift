/// Where a process can be reached: one host and two ports, `host:7400/7401`.
///
/// The second port is that of the control connections; left out, it is the first plus one. An IPv6 address stands in
/// brackets: `[::1]:7400`.
struct TransportAddress: Hashable, Sendable {
    var host: String
    var port: Int
    var controlPort: Int

    init(host: String, port: Int, controlPort: Int) {
        self.host = host
        self.port = port
        self.controlPort = controlPort
    }

    /// Reads the text form.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("[") {
            guard host.hasSuffix("]") else { return nil }
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        let ports = text[text.index(after: colon)...].split(separator: "/", omittingEmptySubsequences: false)
        guard !host.isEmpty, (1...2).contains(ports.count), let port = UInt16(ports[0]) else { return nil }
        if ports.count == 2 {
            guard let control = UInt16(ports[1]) else { return nil }
            controlPort = Int(control)
        } else {
            // Port 0 asks for any free port, and so does the one beside it.
            controlPort = port == 0 ? 0 : Int(port) + 1
        }
        self.host = String(host)
        self.port = Int(port)
    }

    /// Whether the host is this machine's own loopback.
    var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

extension TransportAddress: CustomStringConvertible {
    /// The text form.
    var description: String {
        (host.contains(":") ? "[\(host)]" : host) + ":\(port)/\(controlPort)"
    }
}
