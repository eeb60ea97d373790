internal import Synchronization

/// The grain types that a silo hosts, by their names.
package final class HostTable: Sendable {
    private let hosts = Mutex<[String: any GrainHosting]>([:])

    package init() {}

    func add(_ host: any GrainHosting) { hosts.withLock { $0[host.name] = host } }

    /// The host of a hosted type by its name.
    package func host(named name: String) -> (any GrainHosting)? { hosts.withLock { $0[name] } }

    /// The hosted types.
    package var all: [any GrainHosting] { hosts.withLock { Array($0.values) } }
}
