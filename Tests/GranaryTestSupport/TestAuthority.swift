import Foundation

/// A certificate authority of its own, made by openssl, and certificates that it signs.
public struct TestAuthority: Sendable {
    /// Where the files are.
    public let folder: String

    /// Makes an authority in a folder of its own.
    public init() throws {
        folder = "/tmp/granary-wire-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try run(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout root.key -out root.crt -subj /CN=granary-test-ca"
        )
    }

    /// The path of the authority's own certificate.
    public var root: String { "\(folder)/root.crt" }

    /// Signs a certificate for `granary.test`.
    ///
    /// - Returns: The paths of certificate and key.
    public func certificate(_ name: String) throws -> (certificate: String, key: String) {
        try "subjectAltName=DNS:granary.test".write(toFile: "\(folder)/names", atomically: true, encoding: .utf8)
        try run(
            "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout \(name).key -out \(name).csr -subj /CN=\(name)"
        )
        try run(
            "x509 -req -days 2 -in \(name).csr -CA root.crt -CAkey root.key -CAcreateserial -extfile names -out \(name).crt"
        )
        return ("\(folder)/\(name).crt", "\(folder)/\(name).key")
    }

    @discardableResult
    private func run(_ arguments: String, mayFail: Bool = false) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments.split(separator: " ").map(String.init)
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard mayFail || process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        return text
    }

    /// Who answers at a port, as a TLS client with a certificate of this authority sees it.
    public func subject(at port: Int, as client: (certificate: String, key: String)) throws -> String {
        let text = try run(
            "s_client -connect 127.0.0.1:\(port) -CAfile root.crt -cert \(client.certificate) -key \(client.key)",
            mayFail: true)
        return text.split(separator: "\n").first { $0.hasPrefix("subject=") }?.filter { $0 != " " } ?? ""
    }

    /// Removes the files.
    public func remove() { try? FileManager.default.removeItem(atPath: folder) }
}
