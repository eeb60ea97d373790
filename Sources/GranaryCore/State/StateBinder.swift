/// Collects a grain's states when it is activated; generated code hands them over.
public final class StateBinder {
    var handles: [AnyStateHandle] = []
    var names: [String] = []

    package init() {}

    /// Takes a state.
    ///
    /// - Parameters:
    ///   - state: The property wrapper.
    ///   - name: The stored name.
    public func bind<Value>(_ state: Stored<Value>, as name: String) {
        state.projectedValue.core.index = handles.count
        handles.append(state.projectedValue.core)
        names.append(name)
    }
}

@available(*, unavailable)
extension StateBinder: Sendable {}
