/// Collects a grain's states when it is activated; generated code hands them over.
public struct StateBinder {
    private let states: StateSet

    init(_ states: StateSet) { self.states = states }

    /// Takes a state; they come in the order of the descriptor's names.
    ///
    /// - Parameter state: The property wrapper.
    public func bind<Value>(_ state: Stored<Value>) { states.add(state.projectedValue.core) }
}

@available(*, unavailable)
extension StateBinder: Sendable {}
