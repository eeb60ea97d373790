import Logging
import Testing

@testable import ShopServer

@Suite struct SettingsTests {
    private func settings(_ arguments: [String], _ environment: [String: String] = [:]) throws -> ShopSettings {
        try ShopSettings(arguments: ["shop"] + arguments, environment: environment)
    }

    @Test func `options and environment are read, and options win`() throws {
        let plain = try settings(["--memory"])
        #expect(plain.store == .memory)
        #expect((plain.port, plain.host, plain.migrates, plain.logLevel) == (8_080, "127.0.0.1", false, .notice))
        let full = try settings([
            "--postgres", "postgresql://a,b/shop", "--port", "0", "--host=0.0.0.0", "--migrate", "--log-level", "debug",
        ])
        #expect(full.store == .postgres("postgresql://a,b/shop"))
        #expect((full.port, full.host, full.migrates, full.logLevel) == (0, "0.0.0.0", true, .debug))
        #expect(try settings([], ["GRANARY_POSTGRES_URL": "host=/tmp"]).store == .postgres("host=/tmp"))
        #expect(
            try settings([], ["GRANARY_POSTGRES_URL": "host=a,b password='1, 2'"]).store
                == .postgres("host=a,b password='1, 2'"))
        #expect(try settings(["--postgres=host=a,b password='1, 2'"]).store == .postgres("host=a,b password='1, 2'"))
        #expect(try settings(["--memory"], ["GRANARY_POSTGRES_URL": "host=/tmp"]).store == .memory)
        #expect(try settings(["--memory"], ["SHOP_PORT": "81"]).port == 81)
        #expect(try settings(["--memory", "--port", "82"], ["SHOP_PORT": "81"]).port == 82)
    }

    @Test(arguments: [
        [], ["--postgres", "x", "--memory"], ["--postgres", "host=a,b", "--memory"], ["--memory", "--port", "-1"],
        ["--memory", "--port", "many"],
        ["--memory", "--port", "70000"], ["--memory", "--log-level", "loud"], ["--memory", "--prot", "80"],
        ["--memory", "stray"], ["--migrate", "yes", "--memory"],
    ])
    func `what makes no sense is refused`(_ arguments: [String]) {
        #expect(throws: ShopSettings.Mistake.self) { try settings(arguments) }
    }
}
