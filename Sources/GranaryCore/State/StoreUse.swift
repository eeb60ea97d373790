/// A request that the store has not answered yet: what is to be told of its end.
package struct StoreUse: Sendable {
    private let meter: (any StateMeter)?
    private let tasks: SiloTasks
    private let began: Duration

    /// Begins a request, which the silo's end waits for from here on.
    init(_ meter: (any StateMeter)?, _ tasks: SiloTasks) {
        self.meter = meter
        self.tasks = tasks
        began = meter?.now ?? .zero
        tasks.began()
    }

    /// Measures a load, and ends when its result was passed on.
    func end(_ result: Result<LoadedStates, any Error>, _ pass: (Result<LoadedStates, any Error>) -> Void) {
        meter?.loaded(result, since: began)
        pass(result)
        tasks.ended()
    }

    /// Measures a save, and ends when its result was passed on.
    func end(_ result: Result<StateSaveOutcome, any Error>, _ pass: (Result<StateSaveOutcome, any Error>) -> Void) {
        meter?.saved(result, since: began)
        pass(result)
        tasks.ended()
    }
}
