import Foundation
import GranaryPostgres
import GranaryTestSupport
import ShopClient

/// The programs of this package, as built beside the tests.
enum Programs {
    static let shop = path(of: "shop")
    static let story = path(of: "shop-story")

    private static func path(of name: String) -> String {
        let tests =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(name).path
    }

    /// Opens a shop that forgets.
    static func openInMemory() async throws -> ShopProcess { try await ShopProcess.open(shop, ["--memory"]) }

    /// Opens a shop on a database.
    static func open(_ database: TestDatabase) async throws -> ShopProcess {
        try await ShopProcess.open(shop, ["--postgres", database.conninfo])
    }

    /// Opens one of several shops on a database.
    static func open(_ database: TestDatabase, named name: String) async throws -> ShopProcess {
        try await ShopProcess.open(
            shop, ["--postgres", database.conninfo, "--granary-name", name, "--granary-listen", "127.0.0.1:0"])
    }
}

/// Asks until it is so, for at most 30 seconds.
func until(_ what: String, _ isSo: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while try await !isSo() {
        guard .now < deadline else { throw TimeIsUp(description: "waited in vain until \(what)") }
        try await Task.sleep(for: .milliseconds(10))
    }
}

/// Something did not come about in time.
struct TimeIsUp: Error, CustomStringConvertible {
    let description: String
}
