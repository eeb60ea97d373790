import Granary
import GranaryCore
import GranaryTesting
import Testing

@testable import GranaryRuntime

/// Where a silo sends its calls, as the view and the sessions change.
@Suite(.timeLimit(.minutes(2)), .serialized) struct RouteTests {
    @Test(arguments: ClusterKind.allCases)
    func `C1 a call after the end of a session begins a new one`(kind: ClusterKind) async throws {
        try await TestCluster.with(kind) { cluster in
            let silos = try await cluster.startAll("a", "b")
            let key = try await cluster.key(on: "b", through: silos[0])
            let driver = try #require(silos[0].runtime.cluster)
            let peer = try #require(silos[1].runtime.cluster?.silo)
            let before = try #require(driver.routes?.link(to: peer))
            // The session is kept from call to call.
            #expect(driver.routes?.link(to: peer) === before)
            driver.transport.drop(before.peer, reason: "the test ends it")
            #expect(before.cancel(1, order: 0) == .closed)
            #expect(try await silos[0].ledger(key).place() == "b")
            let after = try #require(driver.routes?.link(to: peer))
            #expect(after !== before)
        }
    }

    @Test func `C3 the table of routes follows the installed view`() async throws {
        try await TestCluster.with { cluster in
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
