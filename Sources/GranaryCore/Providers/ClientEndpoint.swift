/// How a client reaches the silos of its cluster.
///
/// `.tcp(…)` from `GranaryTransport` carries calls between processes.
public struct ClientEndpoint: Sendable {
    package let makeTransport: @Sendable (BackendContext) throws -> any SiloTransport

    package init(makeTransport: @escaping @Sendable (BackendContext) throws -> any SiloTransport) {
        self.makeTransport = makeTransport
    }
}
