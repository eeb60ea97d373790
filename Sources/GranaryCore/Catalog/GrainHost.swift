package import Synchronization

/// Everything that one silo has for one grain type: its activations and the way to make them.
///
/// A reference points here, so a call reaches its activation with one look-up in one table.
public final class GrainHost<G: Grain>: Sendable {
    @usableFromInline let shards = CatalogShards(KeyLayout(G.Key.self))
    @usableFromInline package let clock: CoarseClock
    /// Whether calls may take the short way: no tracer, no filters, no isolation test, one activation per key.
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
    /// The activations of a type that keeps nothing, which are not in the table; `nil` where a key has one activation.
    package let workers: WorkerPool<G>?
    /// Whether nothing stands around the calls of such a type.
    let hasPlainWorkers: Bool

    package init(
        runtime: any GrainRuntime, clock: CoarseClock, options: ResolvedGrainOptions, isDirect: Bool,
        isClustered: Bool, observer: any ActivationObserver, make: (@Sendable (GrainContext<G>) throws -> G)?
    ) {
        self.runtime = runtime
        slots = runtime._slots
        lease = runtime._lease
        self.clock = clock
        self.options = options
        workers = options.workerLimit.map { WorkerPool(limit: $0) }
        // The table is empty where there are workers, so the short way would lead nowhere.
        self.isDirect = isDirect && options.workerLimit == nil
        // One that this process does not host is called where it is hosted.
        hasPlainWorkers = isDirect && options.workerLimit != nil && (make != nil || !isClustered)
        self.isClustered = isClustered
        self.observer = observer
        self.make = make
    }

    /// The way to this host, good once it is filed in the silo's slots.
    package var address: HostAddress<G> { HostAddress(.passUnretained(self)) }

    @inlinable
    package func find(_ key: G.Key, hash: UInt32) -> G? {
        shards.shard(of: hash).pointee.active.find(key, hash: hash, as: G.self)
    }

    /// What to do about a grain of which no activation was found.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - hash: Its hash.
    ///   - view: The view in which the silo may activate the grain; 0 in a silo that is alone.
    /// - Returns: What the caller has to do; what was found is a `G`.
    package func admit(_ key: G.Key, hash: UInt32, view: Int64 = 0) -> CatalogShard.Admission {
        KeyPlace.of(key, hash: hash) { shards.shard(of: hash).pointee.admit($0, view: view) }
    }

    /// Lets nothing be made any more that was permitted in another view.
    package func install(_ view: Int64) {
        for index in 0..<CatalogShards.count { shards[index].pointee.install(view) }
    }

    /// Files the activation that this caller was told to make.
    package func publish(_ grain: G, for key: G.Key, hash: UInt32) {
        KeyPlace.of(key, hash: hash) { shards.shard(of: hash).pointee.publish(grain, for: $0) }
    }

    /// Says that the activation that this caller was told to make could not be made.
    package func fail(_ error: any Error, making grain: GrainID, hash: UInt32) {
        shards.shard(of: hash).pointee.fail(error, making: grain, hash: hash)
    }

    /// Takes an activation out of the table, if it is the one that stands there.
    package func remove(_ grain: G, for key: G.Key, hash: UInt32) -> Bool {
        if let workers { return workers.remove(grain, for: TableKey(key, hash: hash)) }
        return KeyPlace.of(key, hash: hash) { shards.shard(of: hash).pointee.remove(grain, for: $0) }
    }

    /// Asks the activation of a context, if it is there, to end as soon as no turn runs.
    func endWhenIdle(_ context: GrainContext<G>, reason: DeactivationReason) {
        for grain in activations(of: context.key, hash: context.hash)
        where workers == nil || grain.context === context {
            runtime._states.tasks.start { await grain._requestEnd(reason) }
        }
    }

    /// The activations of one key at this moment: at most one, except of a type that keeps nothing.
    package func activations(of key: G.Key, hash: UInt32) -> [G] {
        if let workers { return workers.workers(of: TableKey(key, hash: hash)) }
        return find(key, hash: hash).map { [$0] } ?? []
    }

    /// Visits the keys of all activations, those included that are being made at this moment, as text.
    ///
    /// The activations themselves lie all over the memory, and are not touched.
    package func visitSettledKeys(_ body: (String) -> Void) async {
        for index in 0..<CatalogShards.count {
            // Initialisers are synchronous: what is being made is there soon.
            while shards[index].pointee.isMaking { await Task.yield() }
            for key in shards[index].pointee.keys { body(key) }
        }
    }

    /// Every activation at this moment.
    package var activations: [G] { activations(part: 0, of: 1) }

    /// The activations of one of so many parts of the table at this moment.
    package func activations(part: Int, of parts: Int) -> [G] {
        if let workers { return workers.all(part: part, of: parts) }
        return stride(from: part, to: CatalogShards.count, by: parts).flatMap(grains(of:))
    }

    private func grains(of shard: Int) -> [G] {
        // Only `publish` files objects in this host's shards, and only of this type.
        shards[shard].pointee.all.map { unsafeDowncast($0, to: G.self) }
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
    /// How many activations a key may have, for a type that keeps nothing; `nil` for the usual one.
    package var workerLimit: Int?

    package init(idleTicks: UInt32, queueLimit: Int, callTicks: UInt32, workerLimit: Int? = nil) {
        self.idleTicks = idleTicks
        self.queueLimit = queueLimit
        self.callTicks = callTicks
        self.workerLimit = workerLimit
    }
}
