internal import GranaryCore
internal import Synchronization

/// The load of an activation's states, which opens the activation.
///
/// Sendable though the compiler cannot see it: the result is set before the line's lock hands the object to the task that
/// reads it, and all else is constant.
final class Opening: LoadOperation, @unchecked Sendable {
    private let activation: any Grain
    private let runtime: SiloRuntime
    private let began: Duration
    private let isOver = Atomic<Bool>(false)
    private var loaded: Result<LoadedStates, any Error>?
    let grain: GrainID
    let use: StoreUse

    /// - Parameters:
    ///   - activation: The activation, whose states are bound.
    ///   - request: What is loaded.
    ///   - use: What the store's answer ends.
    ///   - began: When the activation began.
    ///   - runtime: The silo.
    init(_ activation: any Grain, _ request: StateLoad, _ use: StoreUse, began: Duration, in runtime: SiloRuntime) {
        self.activation = activation
        self.use = use
        grain = request.grain
        self.began = began
        self.runtime = runtime
    }

    var isFinished: Bool { isOver.load(ordering: .acquiring) }

    func end() -> Bool { !isOver.exchange(true, ordering: .acquiringAndReleasing) }

    func ended(_ result: Result<LoadedStates, any Error>) {
        loaded = result
        runtime.openings.add(self)
    }

    /// Opens the activation, or ends it.
    func run() async {
        guard let loaded else { return }
        await runtime.open(activation, with: loaded, began)
    }
}
