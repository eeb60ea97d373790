public import GranaryCore
public import GranaryRuntime
internal import Synchronization

extension TestCluster {
    /// The silos that run, in the order in which they joined: neither stopped nor killed.
    public var silos: [Silo] { state.withLock { $0.running.map(\.silo) } }

    /// The silo of a name, if it runs.
    ///
    /// - Parameter name: The name.
    /// - Returns: The silo.
    public func silo(named name: String) -> Silo? { silos.first { $0.configuration.name == name } }

    /// A reference to a grain, through a silo that does not own it where there is one.
    ///
    /// So its calls travel from silo to silo, and it stays good when the grain's owner is killed. To call through a certain
    /// silo ask that one: `cluster.silos[0].grain(…)`.
    ///
    /// - Parameters:
    ///   - type: The grain type.
    ///   - key: The key.
    /// - Returns: The reference; when no silo runs its calls fail.
    public func grain<G: Grain>(_ type: G.Type, _ key: G.Key) -> G.Reference {
        let (running, last) = state.withLock { state in
            (state.running.filter { !$0.isFrozen }.map(\.silo), state.last)
        }
        let away = running.first { silo in
            silo.owner(of: silo.grain(type, key)).map { $0 != silo.configuration.name } ?? false
        }
        return (away ?? running.first ?? last).grain(type, key)
    }

    /// The silo that owns a grain: where its next call goes.
    ///
    /// - Parameter grain: The grain.
    /// - Returns: The silo; `nil` when none hosts the type, and while the death of the one that was killed is not noticed.
    public func owner(of grain: some GrainReference) -> Silo? {
        let running = state.withLock { state in state.running.filter { !$0.isFrozen }.map(\.silo) }
        let best = running.max { $0.installedView < $1.installedView }
        guard let name = best?.owner(of: grain) else { return nil }
        return silo(named: name)
    }
}
