internal import GranaryCluster
internal import GranaryCore

// What the cluster of a test has to know of its silos.
extension Silo {
    /// The silo's number in its cluster; 0 before it has one, and in a silo that is alone.
    package var number: Int32 { runtime.cluster?.silo ?? 0 }

    /// The number of the view that the silo routes calls by; 0 before there is one.
    package var installedView: Int64 { runtime.cluster?.installed ?? 0 }

    /// Waits until the silo routes calls by a view that is at least this new, or has ended.
    package func installs(_ view: Int64) async {
        guard let cluster = runtime.cluster, !cluster.phase.isOver else { return }
        await cluster.installs(view, deadline: .max, runtime: runtime)
    }

    /// Waits until the silo knows that it was declared dead.
    package func learnsOfItsEnd() async {
        let learned = Rendezvous<Void>()
        runtime.onFenced { learned.finish(()) }
        await learned.value()
    }
}
