import Foundation

/// A certificate authority of its own, made by openssl, and certificates that it signs.
struct TestAuthority: Sendable {
    let folder: String

    /// Makes an authority in a folder of its own.
    init() throws {
        folder = "/tmp/granary-wire-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try run(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout root.key -out root.crt -subj /CN=granary-test-ca"
        )
    }

    var root: String { "\(folder)/root.crt" }

    /// Signs a certificate for `granary.test`.
    ///
    /// - Returns: The paths of certificate and key.
    func certificate(_ name: String) throws -> (certificate: String, key: String) {
        try "subjectAltName=DNS:granary.test".write(toFile: "\(folder)/names", atomically: true, encoding: .utf8)
        try run(
            "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout \(name).key -out \(name).csr -subj /CN=\(name)"
        )
        try run(
            "x509 -req -days 2 -in \(name).csr -CA root.crt -CAkey root.key -CAcreateserial -extfile names -out \(name).crt"
        )
        return ("\(folder)/\(name).crt", "\(folder)/\(name).key")
    }

    private func run(_ arguments: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments.split(separator: " ").map(String.init)
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }
}
