package import Synchronization

/// Everything that one silo has for one grain type: its activations and the way to make them.
///
/// A reference points here, so a call reaches its activation with one look-up in one table.
public final class GrainHost<G: Grain>: Sendable {
    @usableFromInline package let shards: [CatalogShard<G>]
    @usableFromInline package let clock: CoarseClock
    /// Whether calls may take the short way: no tracer, no filters, no isolation test.
    @usableFromInline let isDirect: Bool
    /// Whether a grain that is not here may be in another silo.
    @usableFromInline package let isClustered: Bool
    /// Until when the silo may serve.
    @usableFromInline package let lease: ServingLease
    package let runtime: any GrainRuntime
    /// The silo's hosts, so that a reference to another grain is made without asking the silo.
    @usableFromInline let slots: HostSlots
    package let options: ResolvedGrainOptions
    package let make: (@Sendable (GrainContext<G>) throws -> G)?
    /// How many activations are in the table.
    package let count = Atomic<Int>(0)
    package let idle = IdleQueue<G>()
    package let observer: any ActivationObserver

    @usableFromInline static var shardBits: UInt32 { 6 }

    package init(
        runtime: any GrainRuntime, clock: CoarseClock, options: ResolvedGrainOptions, isDirect: Bool,
        isClustered: Bool, observer: any ActivationObserver, make: (@Sendable (GrainContext<G>) throws -> G)?
    ) {
        self.runtime = runtime
        slots = runtime._slots
        lease = runtime._lease
        self.clock = clock
        self.options = options
        self.isDirect = isDirect
        self.isClustered = isClustered
        self.observer = observer
        self.make = make
        // A type that is only called, never hosted here, needs no table.
        shards = (0..<(1 << Self.shardBits)).map { _ in CatalogShard() }
    }

    @inlinable
    func shard(_ hash: UInt32) -> CatalogShard<G> { shards[Int(truncatingIfNeeded: hash >> (32 - Self.shardBits))] }

    @inlinable
    package func find(_ key: G.Key, hash: UInt32) -> G? {
        shard(hash).find(TableKey(key, hash: hash))
    }

    package func shard(for key: TableKey<G.Key>) -> CatalogShard<G> { shard(key.hash) }

    /// Asks an activation, if there is one, to end as soon as no turn runs.
    package func endWhenIdle(_ key: G.Key, hash: UInt32, reason: DeactivationReason) {
        guard let grain = find(key, hash: hash) else { return }
        runtime._states.tasks.start { await grain._requestEnd(reason) }
    }

    /// Every activation at this moment.
    package var activations: [G] { shards.flatMap(\.all) }

    /// The activations of one of so many parts of the table at this moment.
    package func activations(part: Int, of parts: Int) -> [G] {
        stride(from: part, to: shards.count, by: parts).flatMap { shards[$0].all }
    }
}

/// A grain type's options with the silo's settings filled in.
package struct ResolvedGrainOptions: Sendable {
    /// How long an activation stays after its last call, in ticks; the largest value for ever.
    package var idleTicks: UInt32
    /// How many calls may wait at one activation.
    package var queueLimit: Int
    /// How long a call may take, in ticks.
    package var callTicks: UInt32

    package init(idleTicks: UInt32, queueLimit: Int, callTicks: UInt32) {
        self.idleTicks = idleTicks
        self.queueLimit = queueLimit
        self.callTicks = callTicks
    }
}
