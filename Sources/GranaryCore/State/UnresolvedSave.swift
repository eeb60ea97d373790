/// A save whose outcome is not known yet, with what its outcome will mean.
final class UnresolvedSave {
    /// The save on its way.
    var operation: SaveOperation
    /// What was saved: the same again, with the same etags, is what finds out.
    let request: StateSave
    /// The states, in the order of the writes.
    let states: StateList
    /// Whether a flush saved them, whose values in memory stay good, and not a turn, whose caller got an error.
    let isFlush: Bool
    /// Whether it was sent again, so that one that failed says nothing of those before.
    var isRepeated = false

    init(operation: SaveOperation, request: StateSave, states: StateList, isFlush: Bool) {
        self.operation = operation
        self.request = request
        self.states = states
        self.isFlush = isFlush
    }
}
