public import GranaryCore

/// Checks that a backend's `StateStore` keeps its contract.
///
/// Run every check as a test of its own:
///
/// ```swift
/// @Test(arguments: StateStoreConformance.checks)
/// func `the state store keeps its contract`(_ check: StateStoreConformance.Check) async throws {
///     try await StateStoreConformance(backend: .memory).run(check)
/// }
/// ```
///
/// A run joins members of its own, named and typed at random, so runs may share a database and go side by side. It leaves
/// its rows and its ended members behind: give it a database that is thrown away, of no other cluster.
public struct StateStoreConformance: Sendable {
    /// One rule.
    public typealias Check = ConformanceCheck<StateStoreTrial>

    private let backend: any SiloBackend

    /// Makes the kit for a backend.
    ///
    /// - Parameter backend: The backend; it is connected once or twice per check, each time to the same cluster.
    public init(backend: any SiloBackend) { self.backend = backend }

    /// All rules, in the order in which a provider's author best makes them hold.
    public static var checks: [Check] { reading + writing + conflicts + groups + repeats + races + oddities + fencing }

    /// Runs one check.
    ///
    /// - Parameter check: The check.
    /// - Throws: ``ConformanceFailure`` when the provider breaks the rule, and whatever the provider throws unasked.
    public func run(_ check: Check) async throws {
        let trial = try await StateStoreTrial(check.rule, backend: backend)
        do {
            try await check.body(trial)
        } catch {
            await trial.finish()
            throw error
        }
        await trial.finish()
    }
}
