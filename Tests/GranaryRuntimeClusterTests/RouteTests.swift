import Granary
import GranaryCore
import GranaryTesting
import Testing

@testable import GranaryRuntime

/// Where a silo sends its calls, as the view and the sessions change.
@Suite(.timeLimit(.minutes(2)), .serialized) struct RouteTests {
    @Test func `C3 the table of routes follows the installed view`() async throws {
        try await LedgerCluster.with { cluster in
            let first = try await cluster.start("a")
            let driver = try #require(first.runtime.cluster)
            let alone = try #require(driver.routes)
            #expect(alone.view == driver.installed)
            let second = try await cluster.start("b")
            await cluster.agree([first, second])
            let together = try #require(driver.routes)
            let silo = try #require(second.runtime.cluster?.silo)
            #expect(together.view > alone.view)
            #expect(alone.link(to: silo) == nil && together.link(to: silo) != nil)
            let owners = (0..<64).compactMap { together.place(of: "ledger", "\($0)")?.owner }
            #expect(Set(owners).count == 2)
            try await cluster.stop("b")
            await eventually {
                (0..<64).allSatisfy { driver.routes?.place(of: "ledger", "\($0)")?.owner == driver.silo }
            }
            #expect(driver.routes?.link(to: silo) == nil)
        }
    }
}
