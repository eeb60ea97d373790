/// Measures what a store does that answers without a task.
package protocol StateMeter: AnyObject, Sendable {
    /// The time that is measured in.
    var now: Duration { get }
    /// A load ended that began at a time.
    func loaded(_ result: Result<LoadedStates, any Error>, since began: Duration)
    /// A save ended that began at a time.
    func saved(_ result: Result<StateSaveOutcome, any Error>, since began: Duration)
}
