public import GranaryCore

/// Checks that a backend's `MembershipStore` keeps its contract.
///
/// ```swift
/// @Test(arguments: MembershipStoreConformance.checks)
/// func `the membership store keeps its contract`(_ check: MembershipStoreConformance.Check) async throws {
///     try await MembershipStoreConformance(backend: .memory).run(check)
/// }
/// ```
///
/// The checks compare numbers of views, so each run needs a cluster to itself, for example a fresh database.
public struct MembershipStoreConformance: Sendable {
    /// One rule.
    public typealias Check = ConformanceCheck<MembershipStoreTrial>

    private let backend: any SiloBackend

    /// Makes the kit for a backend.
    ///
    /// - Parameter backend: The backend; it is connected once per check, to a cluster that nobody else uses meanwhile.
    public init(backend: any SiloBackend) { self.backend = backend }

    /// All rules, in the order in which a provider's author best makes them hold.
    public static var checks: [Check] { views + joining + advancing + leases + deaths }

    /// Runs one check.
    ///
    /// - Parameter check: The check.
    /// - Throws: ``ConformanceFailure`` when the provider breaks the rule, and whatever the provider throws unasked.
    public func run(_ check: Check) async throws {
        let trial = try await MembershipStoreTrial(check.rule, backend: backend)
        do {
            try await check.body(trial)
        } catch {
            await trial.connection.close()
            throw error
        }
        await trial.connection.close()
    }
}
