import Foundation

/// A folder for one test, gone with the test process at the latest, however that ends.
public struct TemporaryFolder: Sendable {
    /// Its path: short, since the path of a socket has at most 107 bytes.
    public let path: String

    /// Makes a folder that every user of the machine may read.
    ///
    /// - Parameter name: What it is for, in a word.
    /// - Throws: When it cannot be made.
    public init(_ name: String) throws {
        path = try "\(Self.root.get())/\(name)-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    /// The path of a file in it.
    ///
    /// - Parameter name: The file's name.
    /// - Returns: The path.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Removes it with all that is in it.
    public func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// The folder of this test process, with the one who removes it.
    private static let rootAndJanitor = Result {
        let path = "/tmp/granary-tests-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        return (path, try Janitor(script: "rm -rf \(path)"))
    }

    private static var root: Result<String, any Error> { rootAndJanitor.map(\.0) }
}
