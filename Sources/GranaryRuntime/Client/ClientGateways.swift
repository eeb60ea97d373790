public import GranaryCore

/// Where a client learns which silos there are, until it has reached the first one; from then on silos tell it.
public struct ClientGateways: Sendable {
    enum Source: Sendable {
        case addresses([String])
        case backend(any SiloBackend)
    }

    let source: Source

    /// Silos at these addresses; some of the cluster's are enough.
    ///
    /// - Parameter addresses: For each of them `host:port` or `host:port/controlPort`, as in its `granary.listen`.
    /// - Returns: The gateways.
    public static func addresses(_ addresses: [String]) -> ClientGateways {
        ClientGateways(source: .addresses(addresses))
    }

    /// The silos that the cluster's database lists.
    ///
    /// The client reads there, and writes nothing; it is connected only while it has no silo.
    ///
    /// - Parameter backend: The backend that the cluster's silos stand on.
    /// - Returns: The gateways.
    public static func listed(in backend: any SiloBackend) -> ClientGateways {
        ClientGateways(source: .backend(backend))
    }

    /// Checks what can be known before anything is tried.
    func validate() throws {
        if case .addresses(let addresses) = source, addresses.isEmpty {
            throw GrainError(
                .configuration, "The client's list of gateways is empty; name at least one silo's address.")
        }
    }

    /// The addresses to try.
    ///
    /// - Parameter context: What a backend is lent.
    /// - Returns: The addresses.
    /// - Throws: ``StorageError``.
    func addresses(_ context: BackendContext) async throws -> [String] {
        switch source {
        case .addresses(let addresses): return addresses
        case .backend(let backend):
            let connection = try await backend.connect(context)
            let view: Result<MembershipView, any Error>
            do { view = .success(try await connection.membership.read()) } catch { view = .failure(error) }
            await connection.close()
            // One that is joining, or leaving, knows the cluster as well; but it may be gone in a moment.
            let live = try view.get().members.filter(\.status.isLive)
            let active = live.filter { $0.status == .active }
            return (active.isEmpty ? live : active).map(\.address)
        }
    }
}
