/// How a silo is reached by the others of its cluster; a silo without one is alone.
///
/// `.tcp(…)` from `GranaryTransport` carries calls between processes.
public struct SiloEndpoint: Sendable {
    package let makeTransport: @Sendable (BackendContext) throws -> any SiloTransport

    package init(makeTransport: @escaping @Sendable (BackendContext) throws -> any SiloTransport) {
        self.makeTransport = makeTransport
    }
}
