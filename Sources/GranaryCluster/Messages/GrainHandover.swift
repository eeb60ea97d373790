/// The states of a grain on their way from its last holder to its next owner.
package struct GrainHandover: Hashable, Sendable, Codable {
    /// The grain.
    package var grain: ClusterGrain
    /// The view that the last holder had installed when it let go.
    package var view: Int64
    /// One element per state; what is in it is the runtime's matter.
    package var states: [HandedState]
    /// Whether some state holds changes that could not be saved.
    package var dirty: Bool

    /// Makes a hand-over.
    ///
    /// - Parameters:
    ///   - grain: The grain.
    ///   - view: The view that the last holder had installed.
    ///   - states: The states.
    ///   - dirty: Whether some state holds unsaved changes.
    package init(grain: ClusterGrain, view: Int64, states: [HandedState], dirty: Bool) {
        self.grain = grain
        self.view = view
        self.states = states
        self.dirty = dirty
    }
}
