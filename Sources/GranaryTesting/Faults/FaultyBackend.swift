public import GranaryCore

/// A backend in which things go wrong by plan: put it around the backend of a silo under test.
///
/// ```swift
/// let faults = StorageFaults()
/// let silo = Silo(backend: FaultyBackend(.memory, faults: faults)) { Cart.self }
/// try await silo.start()
/// faults.next(.save, .lostAnswer)
/// ```
public struct FaultyBackend: SiloBackend {
    private let backend: any SiloBackend
    private let faults: StorageFaults

    /// Wraps a backend.
    ///
    /// - Parameters:
    ///   - backend: The backend that does the work.
    ///   - faults: What goes wrong.
    public init(_ backend: some SiloBackend, faults: StorageFaults) {
        self.backend = backend
        self.faults = faults
    }

    /// Connects, unless the plan wants it otherwise.
    ///
    /// - Parameter context: What the silo lends the backend.
    /// - Returns: A connection whose operations follow the plan.
    /// - Throws: What the plan or the wrapped backend throws.
    public func connect(_ context: BackendContext) async throws -> any BackendConnection {
        let connection = try await faults.run(.connect) { try await backend.connect(context) }
        return Connection(connection: connection, faults: faults)
    }

    private struct Connection: BackendConnection {
        let connection: any BackendConnection
        let faults: StorageFaults

        var membership: any MembershipStore { FaultyMembershipStore(store: connection.membership, faults: faults) }
        var isDurable: Bool { connection.isDurable }
        func stateStore(writingAs silo: Int32) -> any StateStore {
            FaultyStateStore(connection.stateStore(writingAs: silo), faults: faults)
        }
        func close() async { await connection.close() }
    }
}
