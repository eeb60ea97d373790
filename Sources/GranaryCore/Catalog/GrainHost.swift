package import Synchronization

/// Everything that one silo has for one grain type: its activations and the way to make them.
///
/// A reference points here, so a call reaches its activation with one look-up in one table.
public final class GrainHost<G: Grain>: Sendable {
    @usableFromInline let shards = CatalogShards<G>()
    @usableFromInline package let clock: CoarseClock
    /// Whether calls may take the short way: no tracer, no filters, no isolation test.
    @usableFromInline let isDirect: Bool
    package let runtime: any GrainRuntime
    /// The silo's hosts, so that a reference to another grain is made without asking the silo.
    @usableFromInline let slots: HostSlots
    package let options: ResolvedGrainOptions
    package let make: (@Sendable (GrainContext<G>) throws -> G)?
    /// How many activations are in the table.
    package let count = Atomic<Int>(0)
    package let idle = IdleQueue<G>()
    package let observer: any ActivationObserver

    package init(
        runtime: any GrainRuntime, clock: CoarseClock, options: ResolvedGrainOptions, isDirect: Bool,
        observer: any ActivationObserver, make: (@Sendable (GrainContext<G>) throws -> G)?
    ) {
        self.runtime = runtime
        slots = runtime._slots
        self.clock = clock
        self.options = options
        self.isDirect = isDirect
        self.observer = observer
        self.make = make
    }

    /// The way to this host, good once it is filed in the silo's slots.
    package var address: HostAddress<G> { HostAddress(.passUnretained(self)) }

    @inlinable
    package func find(_ key: G.Key, hash: UInt32) -> G? {
        shards.shard(of: hash).pointee.find(TableKey(key, hash: hash))
    }

    /// What to do about a grain of which no activation was found.
    package func admit(_ key: TableKey<G.Key>) -> CatalogShard<G>.Admission {
        shards.shard(of: key.hash).pointee.admit(key)
    }

    /// Files the activation that this caller was told to make.
    package func publish(_ grain: G, for key: TableKey<G.Key>) {
        shards.shard(of: key.hash).pointee.publish(grain, for: key)
    }

    /// Says that the activation that this caller was told to make could not be made.
    package func fail(_ error: any Error, making grain: GrainID, for key: TableKey<G.Key>) {
        shards.shard(of: key.hash).pointee.fail(error, making: grain, for: key)
    }

    /// Takes an activation out of the table, if it is the one that stands there.
    package func remove(_ grain: G, for key: TableKey<G.Key>) -> Bool {
        shards.shard(of: key.hash).pointee.remove(grain, for: key)
    }

    /// Asks an activation, if there is one, to end as soon as no turn runs.
    package func endWhenIdle(_ key: G.Key, hash: UInt32, reason: DeactivationReason) {
        guard let grain = find(key, hash: hash) else { return }
        runtime._states.tasks.start { await grain._requestEnd(reason) }
    }

    /// Every activation at this moment.
    package var activations: [G] { activations(part: 0, of: 1) }

    /// The activations of one of so many parts of the table at this moment.
    package func activations(part: Int, of parts: Int) -> [G] {
        stride(from: part, to: CatalogShards<G>.count, by: parts).flatMap { shards[$0].pointee.all }
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
