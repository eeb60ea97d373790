internal import GranaryCore
public import GranaryRuntime
internal import GranaryTransport
internal import Logging
internal import Synchronization

extension TestCluster {
    /// Starts one more silo, and waits until all silos know of it.
    ///
    /// - Parameters:
    ///   - name: Its name; the next free `silo-…` unless said otherwise. A silo that was killed is started again by its name.
    ///   - faults: What goes wrong between this silo and the backend.
    ///   - configure: Changes its settings, after those that the cluster's own closure changed.
    /// - Returns: The silo.
    /// - Throws: `StorageError` or `GrainError` when it cannot start.
    @discardableResult
    public func join(
        named name: String? = nil, faults: StorageFaults? = nil,
        configure: (inout SiloConfiguration) -> Void = { _ in }
    ) async throws -> Silo {
        let silo = try await start(named: name, faults: faults, configure: configure)
        await settled()
        return silo
    }

    /// Starts one more silo, and waits for nobody else.
    func start(
        named name: String?, faults: StorageFaults?, configure: (inout SiloConfiguration) -> Void
    ) async throws -> Silo {
        let name = name ?? nextName()
        var configuration = SiloConfiguration(cluster: "test", name: name)
        settings.configure(&configuration)
        configure(&configuration)
        configuration.name = name
        let gate = SiloGate()
        let gated = GatedBackend(
            backend: settings.backend, gate: gate, views: views, gatesStates: settings.network == .inProcess)
        let silo = Silo(
            configuration: configuration, backend: faults.map { FaultyBackend(gated, faults: $0) } ?? gated,
            endpoint: settings.network == .tcp ? .tcp() : .inProcess(network, named: name), logger: settings.logger
        ) { settings.grains(name) }
        try await silo.start()
        state.withLock { $0.running.append(Entry(silo: silo, gate: gate)) }
        return silo
    }

    private func nextName() -> String {
        state.withLock { state in
            var name: String
            repeat {
                state.named += 1
                name = "silo-\(state.named)"
            } while state.running.contains { $0.silo.configuration.name == name }
            return name
        }
    }

    /// Stops a silo as SIGTERM does: it hands its grains over and leaves, and no call fails.
    ///
    /// - Parameter silo: The silo.
    /// - Throws: `GrainError` with code `.fenced` when it had been declared dead, with code `.siloUnavailable` when it does
    ///   not run in this cluster.
    public func stop(_ silo: Silo) async throws {
        let entry = try take(silo)
        if entry.isFrozen { setFrozen(entry, false) }
        try await silo.shutDown()
    }

    /// Ends a silo as `SIGKILL` ends a process: nothing is handed over, nothing it does reaches the backend or another silo
    /// any more, and its writes are fenced once its death is recorded.
    ///
    /// Returns when the other silos have lost their connections to it: calls that they make from then on wait for the next owner,
    /// while those under way end with `.outcomeUnknown`, unless they may run twice. For its death to be recorded waits
    /// ``settled()``. What its grains are doing goes on until they wait for the backend; calls through the killed silo end
    /// with an error when its death is recorded.
    ///
    /// - Parameter silo: The silo.
    /// - Throws: `GrainError` with code `.siloUnavailable` when it does not run in this cluster, with code `.configuration`
    ///   in a cluster whose network is not ``TestNetwork/inProcess``.
    public func kill(_ silo: Silo) async throws {
        try checkNetwork("killed")
        let entry = try take(silo)
        entry.gate.kill()
        let awake = state.withLock { state in state.running.filter { !$0.isFrozen }.map(\.silo.configuration.name) }
        await network.kill(silo.configuration.name, noticedBy: Set(awake))
        // Awaited by `shutDown()`.
        let burial = Task { [views] in
            let isRecorded = await views.death(of: silo.number)
            entry.gate.open()
            if isRecorded { await silo.learnsOfItsEnd() }
            // It says that it was declared dead, which is no news here.
            try? await silo.shutDown()
        }
        state.withLock { $0.killed.append((entry, burial)) }
    }

    /// Waits until every silo that runs routes calls by the newest view, and the deaths of those that were killed are
    /// recorded; frozen silos are not waited for.
    public func settled() async {
        while true {
            let (running, killed) = state.withLock { state in
                (state.running.filter { !$0.isFrozen }.map(\.silo), state.killed.map(\.entry.silo.number))
            }
            if running.isEmpty { return }
            for silo in killed { _ = await views.death(of: silo) }
            let newest = views.newest
            for silo in running { await silo.installs(newest) }
            if views.newest == newest { return }
        }
    }

    /// Ends all faults and stops all silos, one after the other.
    ///
    /// Errors are passed over: a silo that was declared dead has nothing left to lose.
    public func shutDown() async {
        heal()
        for entry in state.withLock(\.running) where entry.isFrozen { setFrozen(entry, false) }
        while let silo = silos.first { try? await stop(silo) }
        let killed = state.withLock { state in
            defer { state.killed = [] }
            return state.killed
        }
        await bury(killed.map(\.entry.silo.number))
        for (_, burial) in killed { await burial.value }
    }

    /// Records deaths that no silo is left to record.
    private func bury(_ silos: [Int32]) async {
        let silos = silos.filter { !views.isDead($0) }
        if silos.isEmpty { return }
        do {
            let connection = try await settings.backend.connect(
                BackendContext(logger: settings.logger, time: SystemTimeSource(), random: SystemRandomSource()))
            let result: Result<Void, any Error>
            do { result = .success(try await bury(silos, in: connection.membership)) } catch {
                result = .failure(error)
            }
            await connection.close()
            try result.get()
            views.committed(views.newest, dead: silos)
        } catch {
            settings.logger.warning("deaths could not be recorded", metadata: ["error": "\(error)"])
            views.giveUp(silos)
        }
    }

    private func bury(_ silos: [Int32], in store: any MembershipStore) async throws {
        while true {
            let view = try await store.read()
            let living = silos.filter { silo in view.members.contains { $0.silo == silo && $0.status.isLive } }
            if living.isEmpty { return }
            // What died here did so in this process, which is alive to tell.
            let committed = try await store.declareDead(living, view: view.number, reason: "killed", proven: true)
            if committed != nil { return }
        }
    }

    /// Takes a silo out of those that run.
    private func take(_ silo: Silo) throws -> Entry {
        let entry = state.withLock { state -> Entry? in
            guard let index = state.running.firstIndex(where: { $0.silo === silo }) else { return nil }
            state.last = silo
            return state.running.remove(at: index)
        }
        guard let entry else { throw Self.isNoMember(silo) }
        return entry
    }
}
