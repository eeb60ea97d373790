internal import GranaryCore
public import GranaryRuntime
internal import GranaryTransport
internal import Synchronization

// What happens to networks and machines. All of it needs a network in the process.
extension TestCluster {
    /// Cuts silos off from all others, until ``heal()``; they still reach each other, and the backend.
    ///
    /// - Parameter island: The silos.
    /// - Throws: `GrainError` with code `.configuration` in a cluster whose network is not ``TestNetwork/inProcess``.
    public func partition(_ island: Silo...) throws {
        try checkNetwork("cut off")
        let names = Set(island.map(\.configuration.name))
        let cuts = state.withLock { state in
            let others = state.running.map(\.silo.configuration.name).filter { !names.contains($0) }
            let cuts = names.flatMap { name in others.map { Cut(one: name, other: $0) } }
            state.cuts.formUnion(cuts)
            return cuts
        }
        for cut in cuts { network.cut(cut.one, cut.other) }
    }

    /// Lets all silos reach each other again.
    public func heal() {
        let cuts = state.withLock { state in
            defer { state.cuts = [] }
            return state.cuts
        }
        for cut in cuts { network.heal(cut.one, cut.other) }
    }

    /// Stops a silo as `SIGSTOP` stops a process: nothing of it reaches the backend or another silo, until ``thaw(_:)``.
    ///
    /// Within 5 s the others declare it dead; when it thaws after that, none of its writes commits, and it ends. What its
    /// grains are doing goes on until they wait for the backend or for another silo.
    ///
    /// - Parameter silo: The silo.
    /// - Throws: `GrainError` with code `.siloUnavailable` when it does not run in this cluster, with code `.configuration`
    ///   in a cluster whose network is not ``TestNetwork/inProcess``.
    public func freeze(_ silo: Silo) throws {
        try checkNetwork("frozen")
        try setFrozen(silo, true)
    }

    /// Lets a silo that is frozen go on.
    ///
    /// - Parameter silo: The silo.
    /// - Throws: `GrainError` with code `.siloUnavailable` when it does not run in this cluster.
    public func thaw(_ silo: Silo) throws { try setFrozen(silo, false) }

    /// Waits until a silo's death is recorded, as that of a killed silo is, and after a while that of a frozen one or of one that
    /// is cut off; and until the silos that run know of it.
    ///
    /// - Parameter silo: The silo.
    public func declaredDead(_ silo: Silo) async {
        _ = await views.death(of: silo.number)
        await settled()
    }

    private func setFrozen(_ silo: Silo, _ isFrozen: Bool) throws {
        let entry = state.withLock { state -> Entry? in
            guard let index = state.running.firstIndex(where: { $0.silo === silo }) else { return nil }
            state.running[index].isFrozen = isFrozen
            return state.running[index]
        }
        guard let entry else { throw Self.isNoMember(silo) }
        setFrozen(entry, isFrozen)
    }

    func setFrozen(_ entry: Entry, _ isFrozen: Bool) {
        if isFrozen { entry.gate.close() }
        network.freeze(entry.silo.configuration.name, isFrozen)
        if !isFrozen { entry.gate.open() }
    }

    func checkNetwork(_ what: String) throws {
        guard settings.network != .inProcess else { return }
        throw GrainError(
            .configuration,
            "Silos of this cluster cannot be \(what): they are joined by TCP. Make it with the network .inProcess.")
    }

    static func isNoMember(_ silo: Silo) -> GrainError {
        GrainError(.siloUnavailable, "The silo '\(silo.configuration.name)' does not run in this cluster.")
    }
}
