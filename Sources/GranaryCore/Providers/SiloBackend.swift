public import Logging

/// What a silo stands on: where states and the list of silos are kept.
///
/// `.memory` keeps them in the process, `.postgres(…)` from `GranaryPostgres` in a database. A backend only describes;
/// the silo connects when it starts.
public protocol SiloBackend: Sendable {
    /// Connects and checks that the store can be used: reachable, durable, of a schema this program knows.
    ///
    /// - Parameter context: What the silo lends the backend.
    /// - Returns: The open connection.
    /// - Throws: ``StorageError`` that says what to do.
    func connect(_ context: BackendContext) async throws -> any BackendConnection
}

/// An open backend.
public protocol BackendConnection: Sendable {
    /// The list of silos.
    var membership: any MembershipStore { get }

    /// Whether what is saved here outlives the process.
    var isDurable: Bool { get }

    /// The states, written in the name of one member: once that member is declared dead, its saves answer `.fenced`.
    ///
    /// - Parameter silo: The member's number.
    /// - Returns: The store.
    func stateStore(writingAs silo: Int32) -> any StateStore

    /// Closes the connection; saves that are under way are finished or fail first.
    func close() async
}

/// What a silo lends its backend.
public struct BackendContext: Sendable {
    /// Where to log.
    public var logger: Logger
    /// Where time comes from.
    public var time: any TimeSource
    /// Where random numbers come from.
    public var random: any RandomSource

    /// Makes a context.
    ///
    /// - Parameters:
    ///   - logger: Where to log.
    ///   - time: Where time comes from.
    ///   - random: Where random numbers come from.
    public init(logger: Logger, time: any TimeSource, random: any RandomSource) {
        self.logger = logger
        self.time = time
        self.random = random
    }
}
