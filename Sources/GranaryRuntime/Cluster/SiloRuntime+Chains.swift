internal import GranaryCore
internal import NIOCore

// The chains of calls that lead through several silos (rule C7 of the cluster protocol).
extension SiloRuntime {
    /// The running turns that a grain's call comes through, the grain's own last.
    func chain(
        of caller: any Grain, calling id: UInt64, after arrived: ArrivedChain?, at silo: Int32
    ) -> [CallChainLink] {
        let own = CallChainLink(grain: caller._id, turn: id, silo: silo)
        guard let arrived else { return [own] }
        var chain = arrived.links
        // The chain may have gone through several grains here: the one that it came to, and the one that it leaves from.
        if arrived.grain != own.grain {
            chain.append(CallChainLink(grain: arrived.grain, turn: id, silo: own.silo))
        }
        chain.append(own)
        return chain.suffix(Self.longestChain)
    }

    /// How many turns of its chain a call names: deeper circles end at their deadline.
    private static var longestChain: Int { 128 }

    /// Runs a call from another silo in the chain of calls that it came with, if a turn made it.
    func continuing(
        _ arrival: Arrival, _ cluster: ClusterDriver,
        _ run: nonisolated(nonsending) () async throws -> Reply
    ) async throws -> Reply {
        let head = arrival.head
        if head.chain.isEmpty { return try await run() }
        let call = ArrivedChain.Call(link: ObjectIdentifier(arrival.link), number: head.id)
        let chain = ArrivedChain(call, to: head.grain, links: head.chain, at: cluster.silo) {
            cluster.calls.awaited($0)
        }
        return try await _waits.runs(continuing: chain) { try await run() }
    }
}
