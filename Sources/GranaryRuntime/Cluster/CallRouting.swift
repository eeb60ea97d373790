internal import GranaryCluster
internal import GranaryCore

/// What sends calls to the silos that own their grains: a silo's part in its cluster, or a client outside of it.
protocol CallRouting: AnyObject, Sendable {
    /// The calls that this process sent, and their order.
    var calls: RemoteCalls { get }
    /// The own member's number; 0 for a client.
    var silo: Int32 { get }
    /// What the cluster prefers while a silo's end is not proven.
    var mode: ClusterMode { get }
    /// The number of the view that calls are routed by.
    var installed: Int64 { get }
    /// Whether anybody can be reached; a silo reaches itself.
    var isConnected: Bool { get }

    /// A grain's place on the ring.
    func grain(_ type: String, _ key: String) -> ClusterGrain
    /// Where a call has to go.
    func route(_ grain: ClusterGrain) throws -> ClusterRoute
    /// The session with a silo as such, whatever it owns; `nil` where there is none.
    func link(to silo: Int32) throws -> (any TransportLink)?
    /// Forgets a session that is over.
    func forget(_ link: any TransportLink)
    /// Whether some live member hosts a type, as far as one can say.
    func knowsHost(of type: String) -> Bool
    /// A view of at least this number is spoken of by a peer.
    func learn(_ view: Int64, from silo: Int32)
    /// Waits until a view is installed, or the time is over.
    func installs(_ view: Int64, deadline: UInt32, runtime: SiloRuntime) async
}

extension CallRouting {
    /// Where a call has to go.
    ///
    /// - Parameters:
    ///   - grain: The grain.
    ///   - home: The silo where a turn of the call's chain holds the grain; forgotten when it is not there.
    /// - Returns: The way.
    /// - Throws: `TransportError` when the address of a silo means nothing.
    func route(_ grain: ClusterGrain, home: inout Int32?) throws -> ClusterRoute {
        if let silo = home {
            if silo != self.silo, let link = try link(to: silo) { return .remote(link, view: installed) }
            home = nil
        }
        return try route(grain)
    }

    /// Waits until another view than a route's is installed; a short while where none is in sight, since the peer that
    /// turned the call away may only be a little ahead or behind.
    func changes(since view: Int64, _ newer: Int64, deadline: UInt32, runtime: SiloRuntime) async {
        if installed > view { return }
        let patience = newer > view ? deadline : min(deadline, runtime.clock.now &+ 5)
        await installs(view + 1, deadline: patience, runtime: runtime)
    }

    func wait(for rendezvous: Rendezvous<Void>, deadline: UInt32, runtime: SiloRuntime) async {
        runtime._states.deadlines.add(deadline, rendezvous, ())
        await withTaskCancellationHandler {
            await rendezvous.value()
        } onCancel: {
            rendezvous.finish(())
        }
    }
}

extension ClusterDriver: CallRouting {
    var isConnected: Bool { true }

    func forget(_ link: any TransportLink) { routes?.forget(link) }
}
