/// A request that the store has not answered yet: what is to be told of its end.
package struct StoreUse: Sendable {
    /// `nil` where the store is measured elsewhere.
    let meter: (any StateMeter)?
    /// When it began, where it is measured.
    let began: Duration
    private let tasks: SiloTasks

    /// Begins a request, which the silo's end waits for from here on.
    init(_ meter: (any StateMeter)?, _ tasks: SiloTasks) {
        self.meter = meter
        self.tasks = tasks
        began = meter?.now ?? .zero
        tasks.began()
    }

    /// Ends it, once its result was passed on.
    func end() { tasks.ended() }
}
