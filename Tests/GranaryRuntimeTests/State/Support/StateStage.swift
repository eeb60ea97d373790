import Granary
import GranaryCore
import GranaryRuntime
import GranaryTesting
import Logging
import Testing

/// A silo on a clock that stands still, with a store in memory that fails by plan.
struct StateStage: Sendable {
    let cluster: InMemoryCluster
    let faults: StorageFaults
    let time: ManualTimeSource
    let silo: Silo

    /// Settings for a clock that races while the silo stops: time must not be what ends it.
    static var patient: SiloConfiguration {
        var configuration = SiloConfiguration()
        configuration.drainTimeout = .seconds(1_000_000)
        configuration.deactivationTimeout = .seconds(1_000_000)
        return configuration
    }

    /// Plays a test on a started silo, and stops the silo at its end.
    @discardableResult
    static func play<R: Sendable>(
        cluster: InMemoryCluster = InMemoryCluster(), configuration: SiloConfiguration = patient,
        @HostedGrainsBuilder hosting grains: () -> [HostedGrain],
        _ body: (StateStage) async throws -> R
    ) async throws -> R {
        let stage = StateStage(cluster: cluster, configuration: configuration, hosting: grains)
        try await stage.silo.start()
        let result: R
        do {
            result = try await body(stage)
        } catch {
            stage.faults.restore()
            try? await stage.stop()
            throw error
        }
        stage.faults.restore()
        if stage.silo.drainReport == nil { try await stage.stop() }
        return result
    }

    init(
        cluster: InMemoryCluster = InMemoryCluster(), configuration: SiloConfiguration = patient,
        @HostedGrainsBuilder hosting grains: () -> [HostedGrain]
    ) {
        self.cluster = cluster
        faults = StorageFaults()
        time = ManualTimeSource()
        silo = Silo(
            configuration: configuration, backend: FaultyBackend(.memory(cluster), faults: faults),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), time: time, grains: grains)
    }

    /// Stops the silo; the clock goes on by itself meanwhile.
    func stop() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [silo] in try await silo.shutDown() }
            group.addTask { [time] in
                while !Task.isCancelled {
                    // Only when the drain sleeps beside the silo's three timers, so that the clock never runs away from
                    // what is being done.
                    if time.sleeperCount >= 4 { time.advance(by: .milliseconds(5)) }
                    await Task.yield()
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Moves the clock and waits until the silo's own timers have done what was due.
    ///
    /// - Parameters:
    ///   - duration: How far.
    ///   - others: How many tasks sleep on the clock beside the silo's three timers, now and afterwards.
    func advance(by duration: Duration, others: Int = 0) async {
        await time.sleepers(atLeast: 3 + others)
        time.advance(by: duration)
        await time.sleepers(atLeast: 3 + others)
    }

    /// Moves the clock in small steps until something has happened.
    func advanceUntil(_ condition: () -> Bool) async {
        while !condition() {
            await time.sleepers(atLeast: 3)
            time.advance(by: .milliseconds(20))
        }
    }

    /// Waits until the silo knows that it was declared dead.
    func fenced() async {
        while silo.isReady { await Task.yield() }
    }

    /// Waits until at least so many calls wait at gates.
    func waiting(atLeast count: Int) async {
        while silo.runtime._waits.current().count < count { await Task.yield() }
    }

    // MARK: Past the grains

    func stored(_ grain: GrainID, _ name: String = "entries") -> StateRecord { cluster.record(of: grain, name) }

    func text(_ grain: GrainID, _ name: String = "entries") -> String? {
        stored(grain, name).data.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Writes a state as somebody else would who knows its etag.
    @discardableResult
    func overwrite(_ grain: GrainID, _ json: String?) async throws -> ETag {
        try await overwrite(grain, "entries", json)
    }

    /// Writes a state as somebody else would who knows its etag.
    @discardableResult
    func overwrite(
        _ grain: GrainID, _ name: String, _ json: String?, version: Int32 = 0
    ) async throws -> ETag {
        let view = try await cluster.read()
        guard let silo = view.members.first(where: { $0.status.isLive })?.silo else { throw CancellationError() }
        return try await StateStage.write(cluster, as: silo, grain, name, json, version: version)
    }

    /// Writes a state before any silo runs.
    static func prepare(
        _ cluster: InMemoryCluster, _ grain: GrainID, _ name: String, _ json: String, version: Int32 = 0
    ) async throws {
        let candidate = MemberCandidate(
            incarnation: SystemRandomSource().nextETag().description, name: "prepare", address: "", weight: 1,
            types: [],
            leaseMilliseconds: 1)
        guard let joined = try await cluster.join(candidate, view: cluster.read().number, superseding: nil),
            let active = try await cluster.advance(joined.silo, to: .active, view: joined.view)
        else { throw CancellationError() }
        _ = try await write(cluster, as: joined.silo, grain, name, json, version: version)
        _ = try await cluster.declareDead([joined.silo], view: active, reason: "done", proven: true)
    }

    private static func write(
        _ cluster: InMemoryCluster, as silo: Int32, _ grain: GrainID, _ name: String, _ json: String?, version: Int32
    ) async throws -> ETag {
        let context = BackendContext(
            logger: Logger(label: "test"), time: SystemTimeSource(), random: SystemRandomSource())
        let store = try await InMemoryBackend(cluster: cluster).connect(context).stateStore(writingAs: silo)
        let next = SystemRandomSource().nextETag()
        let write = StateWrite(
            name: name, expected: cluster.record(of: grain, name).etag, next: next, version: version,
            data: json.map { Array($0.utf8) })
        guard try await store.save(StateSave(grain: grain, writes: [write])) == .saved else {
            throw CancellationError()
        }
        return next
    }
}

/// Runs something that must fail with a `GrainError`, and gives the error.
func grainFailure<R>(
    _ run: () async throws -> R, sourceLocation: SourceLocation = #_sourceLocation
) async -> GrainError? {
    do {
        let result = try await run()
        Issue.record("no error, but \(result)", sourceLocation: sourceLocation)
        return nil
    } catch let error as GrainError {
        return error
    } catch {
        Issue.record("another error: \(error)", sourceLocation: sourceLocation)
        return nil
    }
}
