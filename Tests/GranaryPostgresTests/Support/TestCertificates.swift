import Foundation
import GranaryTestSupport

/// An authority of its own and a server certificate for `localhost`, made by openssl.
struct TestCertificates: Sendable {
    /// The server's certificate and key.
    let certificate: String
    let key: String
    private let folder: TemporaryFolder

    /// The file with the authority's certificate.
    var rootPath: String { folder.file("root.crt") }

    /// Makes them.
    static func make() async throws -> TestCertificates {
        let folder = try TemporaryFolder("tls")
        let script = """
            cd \(folder.path) && exec 2>&1
            openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout root.key -out root.crt -subj /CN=granary-test-ca &&
            openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=localhost &&
            printf 'subjectAltName=DNS:localhost\\n' > names &&
            openssl x509 -req -days 2 -in server.csr -CA root.crt -CAkey root.key -CAcreateserial -extfile names -out server.crt
            """
        try await Command(["sh", "-c", script]).run()
        return TestCertificates(
            certificate: try String(contentsOfFile: folder.file("server.crt"), encoding: .utf8),
            key: try String(contentsOfFile: folder.file("server.key"), encoding: .utf8), folder: folder)
    }

    /// Removes the files.
    func remove() { folder.remove() }
}
