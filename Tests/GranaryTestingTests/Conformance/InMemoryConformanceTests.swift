import Granary
import GranaryTesting
import Testing

@Suite struct InMemoryConformanceTests {
    @Test(arguments: StateStoreConformance.checks)
    func `states in memory keep the contract`(_ check: StateStoreConformance.Check) async throws {
        try await StateStoreConformance(backend: .memory).run(check)
    }

    @Test(arguments: MembershipStoreConformance.checks)
    func `the list of silos in memory keeps the contract`(_ check: MembershipStoreConformance.Check) async throws {
        try await MembershipStoreConformance(backend: .memory).run(check)
    }
}
